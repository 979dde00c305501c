import { concatHex, encodeFunctionData, numberToHex, type Hex } from 'viem'
import { expect, test } from 'vitest'
import { delegationManagerAbi } from '../../src/delegation/abis.js'
import { encodeExecuteBatch } from '../../src/delegation/executeBatch.js'
import { encodeRedeemDelegations } from '../../src/delegation/redeem.js'
import { isPlain, layouts } from '../../src/server/relay/plainAbi.js'

const address = `0x${'11'.repeat(20)}` as const
const delegation = (caveats: number, bytes: number) => ({
  delegate: address,
  delegator: address,
  authority: numberToHex(0, { size: 32 }),
  caveats: Array.from({ length: caveats }, () => ({ enforcer: address, terms: `0x${'22'.repeat(bytes)}` as Hex, args: '0x' as const })),
  salt: 2n ** 255n,
  signature: `0x${'33'.repeat(65)}` as Hex,
})
const word = (value: number) => numberToHex(value, { size: 32 })

test.each([
  [0, 0, 0],
  [1, 0, 0],
  [1, 3, 20],
  [3, 5, 33],
])('what we encode ourselves is plain: %i redemptions of %i caveats', (count, caveats, bytes) => {
  const one = { delegations: [delegation(caveats, bytes), delegation(1, 32)], execution: { to: address, value: 1n, data: '0x12345678' as Hex } }
  expect(isPlain(layouts.redeemDelegations, encodeRedeemDelegations(Array.from({ length: count }, () => one)), 4)).toBe(true)
  expect(isPlain(layouts.executeBatch, encodeExecuteBatch(Array.from({ length: count }, () => one.execution)), 4)).toBe(true)
  expect(isPlain(layouts.disableDelegation, encodeFunctionData({ abi: delegationManagerAbi, functionName: 'disableDelegation', args: [one.delegations[0] as never] }), 4)).toBe(true)
})

test('bytes that are more, fewer, or point elsewhere are not', () => {
  const data = encodeRedeemDelegations([{ delegations: [delegation(2, 40)], execution: { to: address, value: 0n, data: '0x' } }])
  expect(isPlain(layouts.redeemDelegations, concatHex([data, word(0)]), 4)).toBe(false)
  expect(isPlain(layouts.redeemDelegations, data.slice(0, -64) as Hex, 4)).toBe(false)
  expect(isPlain(layouts.redeemDelegations, '0x', 4)).toBe(false)
  expect(isPlain(layouts.redeemDelegations, '0xcef6d209', 4)).toBe(false)
  // Any offset or length that is changed.
  for (let at = 4; at + 32 <= (data.length - 2) / 2; at += 32) {
    const before = data.slice(2 + 2 * at, 2 + 2 * (at + 32))
    if (!/^0{60}[0-9a-f]{4}$/.test(before) || /^0+$/.test(before)) continue
    const changed = `${data.slice(0, 2 + 2 * at)}${'f'.repeat(64)}${data.slice(2 + 2 * (at + 32))}` as Hex
    expect(isPlain(layouts.redeemDelegations, changed, 4), `at byte ${at}`).toBe(false)
  }
})

test('a list whose members all lie in one place is told in no time', () => {
  const [count, bytes] = [10_000, 200_000]
  const contexts = concatHex([word(count), ...Array.from({ length: count }, () => word(count * 32)), word(bytes), `0x${'00'.repeat(bytes)}`])
  const end = 0x60 + (contexts.length - 2) / 2
  const begun = performance.now()
  expect(isPlain(layouts.redeemDelegations, concatHex(['0xcef6d209', word(0x60), word(end), word(end), contexts, word(0)]), 4)).toBe(false)
  expect(performance.now() - begun).toBeLessThan(100)
})
