/** The chain of the live stories answers what anvil answers: the same requests to both, byte for byte. */
import {
  concatHex,
  createPublicClient,
  custom,
  encodeFunctionData,
  keccak256,
  numberToHex,
  parseEther,
  parseUnits,
  RpcRequestError,
  stringToHex,
  type Address,
  type BaseError,
  type Hex,
  type RpcLog,
  type RpcTransactionReceipt,
} from 'viem'
import { privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { goldAbi, goldBytecode, swordAbi, swordBytecode } from '../../demo/contracts/artifacts.js'
import { delegationTypedData, type Delegation } from '../../src/delegation/delegation.js'
import { disableCall } from '../../src/delegation/disableCall.js'
import { framework, rootAuthority } from '../../src/delegation/framework.js'
import { permissionCaveats } from '../../src/delegation/permissionCaveats.js'
import { encodeRedeemDelegations, type Execution } from '../../src/delegation/redeem.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import type { Permission } from '../../src/permissions/permission.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { startLocalChain, type LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { createVmChain, type VmChain } from '../../stories/live/chain/createVmChain.js'
import { gold as token, sword } from '../../stories/live/contracts.js'
import type { Genesis } from '../../stories/live/chain/genesis.js'
import { buildGenesis } from '../../stories/live/genesis/buildGenesis.js'

type Node = { request: (request: { method: string; params?: unknown }) => Promise<unknown> }

let anvil: LocalChain
let genesis: Genesis
let page: VmChain
beforeAll(async () => {
  genesis = await buildGenesis()
  page = await createVmChain({ genesis, clock: () => Math.floor(Date.now() / 1000) })
  anvil = await startLocalChain()
  await anvil.deploy({ abi: swordAbi, bytecode: swordBytecode, address: sword })
  await anvil.deploy({ abi: goldAbi, bytecode: goldBytecode, address: token })
})
afterAll(() => anvil?.stop())

// The same keys on both, so that the same bytes are signed and gas is equal to the unit.
const account = (name: string) => privateKeyToAccount(keccak256(stringToHex(name)))
/** anvil's first development account, which deployed the contracts. */
const deployer = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const [player, session, sponsor, poor] = ['player', 'session', 'sponsor', 'poor'].map(account) as [PrivateKeyAccount, PrivateKeyAccount, PrivateKeyAccount, PrivateKeyAccount]
const shop: Address = '0x5407000000000000000000000000000000005407'
const expiry = 2_000_000_000
const gold = (amount: number) => parseUnits(String(amount), 18)

test('the whole journey: the same outcomes, logs, reasons and gas', async () => {
  const onAnvil = await journey({ request: ({ method, params }) => anvil.client.request({ method, params } as never, { retryCount: 0 }).catch(unwrapped) })
  const inPage = await journey(page)

  expect(inPage).toEqual(onAnvil)
  // What both say is what it should be.
  expect(Object.fromEntries(Object.entries(inPage).map(([step, { status, error }]) => [step, error?.message ?? status]))).toEqual({
    faucet: '0x1',
    'becomes a smart account': '0x1',
    'direct mint': '0x1',
    'session mints': '0x1',
    'session spends': '0x1',
    'over the limit, asked': 'execution reverted: ERC20TransferAmountEnforcer:allowance-exceeded',
    'over the limit, estimated': 'execution reverted: ERC20TransferAmountEnforcer:allowance-exceeded',
    'over the limit, forced': '0x0',
    'another function': 'execution reverted: AllowedMethodsEnforcer:method-not-allowed',
    'a stranger redeems': 'execution reverted: custom error 0xb5863604',
    'a used nonce': 'nonce too low',
    'no ETH': 'Insufficient funds for gas * price + value',
    revoked: '0x1',
    'after the end': 'execution reverted: custom error 0x05baa052',
    'past its time': 'execution reverted: TimestampEnforcer:expired-delegation',
  })
})

test('gas is estimated as anvil does, within a tenth, and suffices', async () => {
  const transfer = encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [shop, gold(1)] })
  for (const request of [{ from: sponsor.address, to: sword, data: mint() }, { from: player.address, to: token, data: transfer }]) {
    const gas = (await page.request({ method: 'eth_estimateGas', params: [request] })) as Hex
    const onAnvil = Number(await anvil.client.estimateGas({ account: request.from, to: request.to, data: request.data }))
    expect(Math.abs(Number(gas) / onAnvil - 1)).toBeLessThan(0.1)
    await page.request({ method: 'eth_call', params: [{ ...request, gas }, 'latest'] })
  }
})

test('earlier blocks answer with the state of their time', async () => {
  const client = createPublicClient({ transport: custom(page, { retryCount: 0 }) })
  const read = (blockNumber: bigint) => client.readContract({ address: token, abi: goldAbi, functionName: 'balanceOf', args: [player.address], blockNumber })
  expect(await read(0n)).toBe(0n)
  expect(await read(1n)).toBe(gold(2000))
  await expect(read(1_000n)).rejects.toThrow('header not found')
})

test('what it does not know is refused as an unknown method', async () => {
  await expect(page.request({ method: 'eth_newFilter', params: [{}] })).rejects.toMatchObject({ code: -32601 })
  await expect(page.request({ method: 'toString' })).rejects.toMatchObject({ code: -32601 })
})

test('the time moves only forward, with its clock and by request', async () => {
  let seconds = 1_800_000_000
  const chain = await createVmChain({ genesis, clock: () => seconds })
  const mined = async () => {
    await chain.request({ method: 'evm_mine' })
    return Number(((await chain.request({ method: 'eth_getBlockByNumber', params: ['latest', false] })) as { timestamp: Hex }).timestamp)
  }
  expect(await mined()).toBe(1_800_000_000)
  await chain.request({ method: 'evm_increaseTime', params: [86_400] })
  expect(await mined()).toBe(1_800_086_400)
  seconds -= 3_600
  expect(await mined()).toBe(1_800_086_400)
  seconds += 3_605
  expect(await mined()).toBe(1_800_086_405)
})

type Step = { status?: Hex; gasUsed?: Hex; logs?: unknown; error?: { code: number; message: string; data?: Hex | undefined } }

/** Every step's outcome, as the node told it. */
async function journey(node: Node): Promise<Record<string, Step>> {
  const steps: Record<string, Step> = {}
  const rpc = (method: string, ...params: unknown[]) => node.request({ method, params })
  // anvil answers a moment before its block is there.
  const receiptOf = (hash: unknown) =>
    vi.waitFor(
      async () => {
        const receipt = (await rpc('eth_getTransactionReceipt', hash)) as RpcTransactionReceipt | null
        if (!receipt) throw new Error(`There is no receipt of ${hash}.`)
        return receipt
      },
      { interval: 5, timeout: 10_000 },
    )
  const failed = (error: { code: number; message: string; data?: Hex }) => ({ error: { code: error.code, message: error.message, data: error.data } })

  async function send(step: string, from: PrivateKeyAccount, to: Address, data: Hex, more: { nonce?: number; upgrade?: PrivateKeyAccount } = {}) {
    const nonce = more.nonce ?? Number(await rpc('eth_getTransactionCount', from.address, 'latest'))
    const fields = { chainId: genesis.chainId, to, data, nonce, gas: 1_000_000n, maxFeePerGas: 2_000_000_000n, maxPriorityFeePerGas: 0n }
    const authorization = await more.upgrade?.signAuthorization({ address: framework.EIP7702StatelessDeleGatorImpl, chainId: genesis.chainId, nonce: 0 })
    const signed = await from.signTransaction(authorization ? { type: 'eip7702', authorizationList: [authorization], ...fields } : { type: 'eip1559', ...fields })
    try {
      const hash = await rpc('eth_sendRawTransaction', signed)
      const { status, gasUsed, logs } = await receiptOf(hash)
      steps[step] = { status, gasUsed, logs: logs.map(({ address, topics, data }: RpcLog) => ({ address, topics, data })) }
    } catch (error) {
      steps[step] = failed(error as never)
    }
  }
  async function ask(step: string, method: 'eth_call' | 'eth_estimateGas', from: Address, data: Hex) {
    try {
      await rpc(method, { from, to: framework.DelegationManager, data }, ...(method === 'eth_call' ? ['latest'] : []))
      steps[step] = { status: '0x1' }
    } catch (error) {
      steps[step] = failed(error as never)
    }
  }

  for (const { address } of [deployer, sponsor, session, player]) await rpc('anvil_setBalance', address, numberToHex(parseEther('10')))
  const mayMint = await grant(contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 5 }), 1n)
  const maySpend = await grant(erc20Allowance({ token, limit: gold(100) }), 2n)
  const pay = (amount: number): Execution => ({ to: token, value: 0n, data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [shop, gold(amount)] }) })
  const redeem = (delegation: Delegation, execution: Execution) => encodeRedeemDelegations([{ delegations: [delegation], execution }])

  await send('faucet', deployer, token, encodeFunctionData({ abi: goldAbi, functionName: 'mint', args: [player.address, gold(2000)] }))
  await send('becomes a smart account', sponsor, player.address, '0x', { upgrade: player })
  expect(await rpc('eth_getCode', player.address, 'latest')).toBe(concatHex(['0xef0100', framework.EIP7702StatelessDeleGatorImpl]).toLowerCase())
  await send('direct mint', sponsor, sword, mint())
  await send('session mints', session, framework.DelegationManager, redeem(mayMint, { to: sword, value: 0n, data: mint() }))
  await send('session spends', session, framework.DelegationManager, redeem(maySpend, pay(60)))
  await ask('over the limit, asked', 'eth_call', session.address, redeem(maySpend, pay(60)))
  await ask('over the limit, estimated', 'eth_estimateGas', session.address, redeem(maySpend, pay(60)))
  await send('over the limit, forced', session, framework.DelegationManager, redeem(maySpend, pay(60)))
  await ask('another function', 'eth_call', session.address, redeem(mayMint, { to: sword, value: 0n, data: '0x12345678' }))
  await ask('a stranger redeems', 'eth_call', sponsor.address, redeem(maySpend, pay(1)))
  await send('a used nonce', session, framework.DelegationManager, '0x', { nonce: 0 })
  await send('no ETH', poor, shop, '0x')
  await send('revoked', player, framework.DelegationManager, disableCall(maySpend).data)
  await ask('after the end', 'eth_call', session.address, redeem(maySpend, pay(1)))
  await rpc('evm_increaseTime', expiry)
  await rpc('evm_mine')
  await ask('past its time', 'eth_call', session.address, redeem(mayMint, { to: sword, value: 0n, data: mint() }))
  return steps
}

async function grant(permission: Permission, salt: bigint): Promise<Delegation> {
  const unsigned = { delegate: session.address, delegator: player.address, authority: rootAuthority, caveats: permissionCaveats(permission, expiry), salt } as const
  return { ...unsigned, signature: await player.signTypedData(delegationTypedData(unsigned, genesis.chainId)) }
}

const mint = (): Hex => encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [player.address] })

/** The node's own error, out of viem's. */
function unwrapped(error: unknown): never {
  const { code, data, details } = (error as BaseError).walk((cause) => cause instanceof RpcRequestError) as RpcRequestError & { data: Hex | undefined }
  throw { code, data, message: details }
}
