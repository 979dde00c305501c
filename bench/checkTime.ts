import { parseUnits, encodeFunctionData, type Address } from 'viem'
import { goldAbi, swordAbi } from '../demo/contracts/artifacts.js'
import { check } from '../src/permissions/check.js'
import { contractCall } from '../src/permissions/contractCall.js'
import { erc20Allowance } from '../src/permissions/tokenPermissions.js'
import { measured, secondsOf, type Figure } from './figure.js'

const sword: Address = '0x1000000000000000000000000000000000000001'
const gold: Address = '0x1000000000000000000000000000000000000002'
const player: Address = '0x1000000000000000000000000000000000000003'
const rounds = 11
const checksPerRound = 2_000

/** How long our own verdict takes: a mint and a payment, each within its permission. */
export async function checkFigures(): Promise<Figure[]> {
  const permissions = [
    contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
    erc20Allowance({ token: gold, limit: parseUnits('1000', 18) }),
  ]
  const calls = [
    { to: sword, value: 0n, data: encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [player] }) },
    { to: gold, value: 0n, data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [player, 1n] }) },
  ]
  const values: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const seconds = await secondsOf(async () => {
      for (let run = 0; run < checksPerRound; run += 1) {
        if (!check({ permissions, expiry: 2_000_000_000, calls, now: 1_900_000_000 }).allowed) throw new Error('The check refuses what it should allow.')
      }
    })
    values.push((seconds * 1e6) / (checksPerRound * calls.length))
  }
  return [measured('check.microseconds', 'µs per call', values.slice(1))]
}
