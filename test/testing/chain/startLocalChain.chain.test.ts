import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Address } from 'viem'
import { parseAbi, parseEther, zeroAddress } from 'viem'
import { entryPoint07Address } from 'viem/account-abstraction'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { goldAbi, goldBytecode, swordAbi, swordBytecode, testUsdAbi, testUsdBytecode } from '../../../demo/contracts/artifacts.js'
import { enforcers, framework } from '../../../src/delegation/framework.js'
import { anvilBinary } from '../../../src/testing/chain/anvilBinary.js'
import type { LocalChain } from '../../../src/testing/chain/index.js'
import { AnvilStartError, ContractSetupError, LocalChainError, startLocalChain, UnsupportedPlatformError } from '../../../src/testing/chain/index.js'

const owner = mnemonicToAccount('test test test test test test test test test test test junk')
const player = '0x00000000000000000000000000000000000a11ce'
const domainAbi = parseAbi(['function eip712Domain() view returns (bytes1, string name, string version, uint256 chainId, address verifyingContract, bytes32, uint256[])'])

let chain: LocalChain
beforeAll(async () => {
  chain = await startLocalChain()
})
afterAll(() => chain.stop())

test('viem can use it as it is', async () => {
  expect(chain.chain).toMatchObject({ id: 31337, name: 'Local chain', rpcUrls: { default: { http: [chain.rpcUrl] } } })
  expect(await chain.client.getChainId()).toBe(31337)
})

test.each(Object.entries({ ...framework, ...enforcers }))('%s stands at its production address', async (_name, address) => {
  expect((await chain.client.getCode({ address }))?.length).toBeGreaterThan(1000)
})

test('the EntryPoint is the one viem knows', () => {
  expect(framework.EntryPoint).toBe(entryPoint07Address)
})

test.each([
  ['DelegationManager', framework.DelegationManager],
  ['EIP7702StatelessDeleGator', framework.EIP7702StatelessDeleGatorImpl],
  ['HybridDeleGator', framework.HybridDeleGatorImpl],
  ['MultiSigDeleGator', framework.MultiSigDeleGatorImpl],
])('%s signs under its own name, on this chain, at its own address', async (name, address) => {
  const [, domainName, version, chainId, verifyingContract] = await chain.client.readContract({ address, abi: domainAbi, functionName: 'eip712Domain' })
  expect({ domainName, version, chainId, verifyingContract }).toEqual({ domainName: name, version: '1', chainId: 31337n, verifyingContract: address })
})

test('constructors ran: who owns the manager, which manager the contracts obey', async () => {
  const read = (address: Address, getter: 'owner' | 'delegationManager' | 'entryPoint' | 'argsEqualityCheckEnforcer') =>
    chain.client.readContract({ address, abi: parseAbi([`function ${getter}() view returns (address)`]), functionName: getter })

  expect(await read(framework.DelegationManager, 'owner')).toBe('0xB0403B32f54d0Bd752113f4009e8B534C6669f44')
  for (const deleGator of [framework.EIP7702StatelessDeleGatorImpl, framework.HybridDeleGatorImpl, framework.MultiSigDeleGatorImpl]) {
    expect(await read(deleGator, 'delegationManager')).toBe(framework.DelegationManager)
    expect(await read(deleGator, 'entryPoint')).toBe(framework.EntryPoint)
  }
  expect(await read(enforcers.LogicalOrWrapperEnforcer, 'delegationManager')).toBe(framework.DelegationManager)
  expect(await read(enforcers.NativeTokenPaymentEnforcer, 'delegationManager')).toBe(framework.DelegationManager)
  expect(await read(enforcers.NativeTokenPaymentEnforcer, 'argsEqualityCheckEnforcer')).toBe(enforcers.ArgsEqualityCheckEnforcer)
})

test('the implementations themselves cannot be initialised by anyone', async () => {
  const abi = parseAbi(['function initialize(address, string[], uint256[], uint256[])', 'error InvalidInitialization()'])
  await expect(
    chain.client.simulateContract({ account: player, address: framework.HybridDeleGatorImpl, abi, functionName: 'initialize', args: [player, [], [], []] }),
  ).rejects.toThrow(/InvalidInitialization/)
})

test('Gold and TestUsd are minted by their owner only, Sword by anyone', async () => {
  const gold = await chain.deploy({ abi: goldAbi, bytecode: goldBytecode })
  const usd = await chain.deploy({ abi: testUsdAbi, bytecode: testUsdBytecode })
  const sword = await chain.deploy({ abi: swordAbi, bytecode: swordBytecode })

  await mine(await chain.client.writeContract({ account: owner, address: gold, abi: goldAbi, functionName: 'mint', args: [player, parseEther('5')] }))
  expect(await chain.client.readContract({ address: gold, abi: goldAbi, functionName: 'balanceOf', args: [player] })).toBe(parseEther('5'))
  await expect(
    chain.client.simulateContract({ account: player, address: usd, abi: testUsdAbi, functionName: 'mint', args: [player, 1n] }),
  ).rejects.toThrow(/OwnableUnauthorizedAccount/)
  expect(await chain.client.readContract({ address: usd, abi: testUsdAbi, functionName: 'decimals' })).toBe(6)

  await mine(await chain.client.writeContract({ account: owner, address: sword, abi: swordAbi, functionName: 'mint', args: [player] }))
  const { result: nextId } = await chain.client.simulateContract({ account: player, address: sword, abi: swordAbi, functionName: 'mint', args: [player] })
  expect(nextId).toBe(2n)
  expect(await chain.client.readContract({ address: sword, abi: swordAbi, functionName: 'totalMinted' })).toBe(1n)
  const swordOwner = await chain.client.readContract({ address: sword, abi: swordAbi, functionName: 'ownerOf', args: [1n] })
  expect(swordOwner.toLowerCase()).toBe(player)
})

test('a contract can be put at an address of choice, owned by whom one likes', async () => {
  const address = '0x000000000000000000000000000000000000601d'
  await chain.setBalance(player, parseEther('1'))
  expect(await chain.deploy({ abi: goldAbi, bytecode: goldBytecode, address, from: player })).toBe(address)
  expect((await chain.client.readContract({ address, abi: goldAbi, functionName: 'owner' })).toLowerCase()).toBe(player)
  expect(await chain.client.readContract({ address, abi: goldAbi, functionName: 'name' })).toBe('Gold')
})

test('a constructor that fails says so', async () => {
  const reverting = '0x60006000fd'
  await expect(chain.deploy({ abi: [], bytecode: reverting, address: zeroAddress })).rejects.toThrow(ContractSetupError)
})

test('time moves when told to', async () => {
  const before = (await chain.client.getBlock()).timestamp
  await chain.increaseTime(86_400)
  const passed = (await chain.client.getBlock()).timestamp - before
  expect(passed).toBeGreaterThanOrEqual(86_400n)
  expect(passed).toBeLessThan(86_500n)
})

test('with a block time, blocks come by themselves', async () => {
  const ticking = await startLocalChain({ blockTime: 1 })
  onTestFinished(() => ticking.stop())
  const first = await ticking.client.getBlockNumber()
  await expect.poll(() => ticking.client.getBlockNumber(), { timeout: 10_000 }).toBeGreaterThan(first)
  await ticking.deploy({ abi: swordAbi, bytecode: swordBytecode })
})

test('two chains at once do not meet', async () => {
  const [one, other] = await Promise.all([startLocalChain(), startLocalChain()])
  onTestFinished(async () => {
    await Promise.all([one.stop(), other.stop()])
  })
  expect(new Set([chain.rpcUrl, one.rpcUrl, other.rpcUrl]).size).toBe(3)
  await one.setBalance(player, 7n)
  expect(await other.client.getBalance({ address: player })).toBe(0n)
})

test('after stop() it is gone, and stopping again is fine', async () => {
  const stopped = await startLocalChain()
  await stopped.stop()
  await stopped.stop()
  await expect(fetch(stopped.rpcUrl, blockNumber)).rejects.toThrow()
  await expect.poll(childProcesses).toBe(1) // the chain of this file
})

test('a port already taken is told, and nothing stays behind', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const error = await startLocalChain({ port }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(AnvilStartError)
  expect(error).toBeInstanceOf(LocalChainError)
  expect((error as Error).message).toMatch(/anvil did not start[^]+in use/i)
  await expect.poll(childProcesses).toBe(1) // the chain of this file
})

test('a platform without a binary is told', () => {
  expect(() => anvilBinary({ platform: 'freebsd', arch: 'x64' })).toThrow(UnsupportedPlatformError)
  expect(() => anvilBinary({ platform: 'freebsd', arch: 'x64' })).toThrow(/no anvil binary for freebsd-x64[^]+linux-amd64/)
})

test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends the program and its chain', async (signal) => {
  const program = spawn(process.execPath, [fileURLToPath(new URL('holdChain.fixture.mjs', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void program.kill('SIGKILL'))
  const rpcUrl = await firstMatch(program.stdout, /holding (\S+)/)
  expect((await fetch(rpcUrl, blockNumber)).status).toBe(200)

  program.kill(signal)
  expect(await once(program, 'exit')).toEqual([null, signal])
  await expect.poll(() => fetch(rpcUrl, blockNumber).then(() => 'answers', () => 'gone')).toBe('gone')
}, 20_000)

const blockNumber = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] }),
}

/** Running children of this process, as node itself counts them. */
function childProcesses() {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length
}

async function mine(hash: `0x${string}`) {
  expect((await chain.client.waitForTransactionReceipt({ hash })).status).toBe('success')
}

async function firstMatch(stream: AsyncIterable<Buffer>, pattern: RegExp): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += chunk
    const found = pattern.exec(text)?.[1]
    if (found) return found
  }
  throw new Error(`Nothing matched ${pattern} in: ${text}`)
}
