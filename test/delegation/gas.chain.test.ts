/** What one redemption costs, by our caveats and by those that the vendor's kit makes of its own scopes for the same policy. */
import { readFileSync } from 'node:fs'
import { encodeFunctionData, numberToHex, padHex, parseAbi, toFunctionSelector, type Address, type Hex } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { swordAbi, swordBytecode } from '../../demo/contracts/artifacts.js'
import { randomSalt, type Caveat, type Delegation } from '../../src/delegation/delegation.js'
import { enforcerName } from '../../src/delegation/framework.js'
import { permissionCaveats } from '../../src/delegation/permissionCaveats.js'
import type { Execution } from '../../src/delegation/redeem.js'
import { redemptionsFor } from '../../src/execution/redemptions.js'
import { check } from '../../src/permissions/check.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import type { Permission } from '../../src/permissions/permission.js'
import {
  erc20Allowance,
  erc20Periodic,
  erc20Stream,
  erc721Transfer,
  nativeAllowance,
  nativePeriodic,
  nativeStream,
} from '../../src/permissions/tokenPermissions.js'
import { startDelegationWorld } from './delegationWorld.js'

// The vendor kit reports its use as soon as it is called.
process.env['DO_NOT_TRACK'] = '1'
process.env['CI'] = '1'
const kit = await import('@metamask/smart-accounts-kit')
type Scope = NonNullable<Parameters<typeof kit.createDelegation>[0]['scope']>
type KitCaveats = readonly object[]

const abi = parseAbi(['function mint(address to)', 'function burn(uint256 id)', 'function craft(uint256 id, address for_, bytes32 secret)', 'function rename(uint256 id, string name)'])
const friend: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
/** Accepts every call, so that what is measured is the permission. */
const box: Address = '0x00000000000000000000000000000000000b0c5e'
const selector = (signature: string) => toFunctionSelector(signature)
const word = (value: bigint) => numberToHex(value, { size: 32 })
const secret: Hex = `0x${'5e'.repeat(32)}`

let world: Awaited<ReturnType<typeof startDelegationWorld>>
let player: PrivateKeyAccount
let session: PrivateKeyAccount
let sword: Address
let now: number

beforeAll(async () => {
  world = await startDelegationWorld()
  await world.chain.client.setCode({ address: box, bytecode: '0x00' })
  player = await world.newPlayer()
  session = await world.newSession()
  sword = await world.chain.deploy({ abi: swordAbi, bytecode: swordBytecode })
  const [minter] = await world.chain.client.getAddresses()
  const data = encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [player.address] })
  await world.chain.client.waitForTransactionReceipt({ hash: await world.chain.client.sendTransaction({ account: minter as Address, chain: null, to: sword, data }) })
  now = await world.now()
})
afterAll(() => world.stop())

type Row = {
  what: string
  permission: Permission
  /** One call that it allows, more than once. */
  execution: Execution
  /** The same policy in the vendor's words, but for the expiry, which both have; none where it has no words for it. */
  theirs: { scope: Scope; caveats?: KitCaveats } | undefined
}

const call = (data: Hex): Execution => ({ to: box, value: 0n, data })
const mint = call(encodeFunctionData({ abi, functionName: 'mint', args: [friend] }))
const burn = call(encodeFunctionData({ abi, functionName: 'burn', args: [7n] }))
const craft = call(encodeFunctionData({ abi, functionName: 'craft', args: [7n, friend, secret] }))
const scope = (value: object) => value as Scope
const functionCall = (signatures: readonly string[], more: object = {}) => scope({ type: 'functionCall', targets: [box], selectors: signatures.map(selector), ...more })

function rows(): readonly Row[] {
  const { gold } = world
  const day = { days: 1 }
  const transfer = world.transfer(friend, 1n)
  const pay = world.pay(friend, 1n)
  const period = { periodAmount: 100n, periodDuration: 86_400, startDate: now }
  const stream = { initialAmount: 100n, maxAmount: 1000n, amountPerSecond: 1n, startTime: now }
  const ofGold = { tokenAddress: gold }
  const toFriend = { type: 'allowedCalldata', startIndex: 4, value: padHex(friend, { size: 32 }) }
  const targetFriend = { type: 'allowedTargets', targets: [friend] }
  const give = encodeFunctionData({ abi: swordAbi, functionName: 'transferFrom', args: [player.address, player.address, 1n] })
  return [
    { what: 'contract-call, the whole contract', permission: contractCall({ address: box, abi }), execution: mint, theirs: undefined },
    { what: 'contract-call, one function', permission: contractCall({ address: box, abi, functions: ['mint'] }), execution: mint, theirs: { scope: functionCall(['mint(address)']) } },
    {
      what: 'contract-call, several functions',
      permission: contractCall({ address: box, abi, functions: ['mint', 'burn', 'craft'] }),
      execution: burn,
      theirs: { scope: functionCall(['mint(address)', 'burn(uint256)', 'craft(uint256,address,bytes32)']) },
    },
    {
      what: 'contract-call, one function, with a call limit',
      permission: contractCall({ address: box, abi, functions: ['mint'], callLimit: 50 }),
      execution: mint,
      theirs: { scope: functionCall(['mint(address)']), caveats: [{ type: 'limitedCalls', limit: 50 }] },
    },
    {
      what: 'contract-call, the first arguments pinned',
      permission: contractCall({ address: box, abi, functions: [{ name: 'craft', args: [7n, friend, undefined] }] }),
      execution: craft,
      theirs: {
        scope: functionCall(['craft(uint256,address,bytes32)'], {
          allowedCalldata: [{ startIndex: 4, value: word(7n) }, { startIndex: 36, value: padHex(friend, { size: 32 }) }],
        }),
      },
    },
    {
      what: 'contract-call, another argument pinned',
      permission: contractCall({ address: box, abi, functions: [{ name: 'craft', args: [undefined, undefined, secret] }] }),
      execution: craft,
      theirs: { scope: functionCall(['craft(uint256,address,bytes32)'], { allowedCalldata: [{ startIndex: 68, value: secret }] }) },
    },
    {
      what: 'contract-call, all arguments pinned',
      permission: contractCall({ address: box, abi, functions: [{ name: 'burn', args: [7n] }] }),
      execution: burn,
      theirs: { scope: functionCall(['burn(uint256)'], { exactCalldata: { calldata: burn.data } }) },
    },
    {
      what: 'contract-call, all arguments pinned, with native token',
      permission: contractCall({ address: box, abi, functions: [{ name: 'burn', args: [7n] }], valueLimit: 5n }),
      execution: { ...burn, value: 1n },
      theirs: { scope: functionCall(['burn(uint256)'], { exactCalldata: { calldata: burn.data }, valueLte: { maxValue: 5n } }) },
    },
    {
      what: 'contract-call, functions with pinned arguments and without',
      permission: contractCall({ address: box, abi, functions: ['mint', { name: 'burn', args: [7n] }] }),
      execution: mint,
      theirs: undefined,
    },
    { what: 'erc20-token-allowance', permission: erc20Allowance({ token: gold, limit: 100n }), execution: transfer, theirs: { scope: scope({ type: 'erc20TransferAmount', ...ofGold, maxAmount: 100n }) } },
    {
      what: 'erc20-token-allowance, one payee',
      permission: erc20Allowance({ token: gold, limit: 100n, payee: friend }),
      execution: transfer,
      theirs: { scope: scope({ type: 'erc20TransferAmount', ...ofGold, maxAmount: 100n }), caveats: [toFriend] },
    },
    {
      what: 'erc20-token-periodic',
      permission: erc20Periodic({ token: gold, limit: 100n, period: day, startTime: now }),
      execution: transfer,
      theirs: { scope: scope({ type: 'erc20PeriodTransfer', ...ofGold, ...period }) },
    },
    {
      what: 'erc20-token-stream',
      permission: erc20Stream({ token: gold, initial: 100n, perSecond: 1n, max: 1000n, startTime: now }),
      execution: transfer,
      theirs: { scope: scope({ type: 'erc20Streaming', ...ofGold, ...stream }) },
    },
    { what: 'native-token-allowance', permission: nativeAllowance({ limit: 100n }), execution: pay, theirs: { scope: scope({ type: 'nativeTokenTransferAmount', maxAmount: 100n }) } },
    {
      what: 'native-token-allowance, one payee',
      permission: nativeAllowance({ limit: 100n, payee: friend }),
      execution: pay,
      theirs: { scope: scope({ type: 'nativeTokenTransferAmount', maxAmount: 100n }), caveats: [targetFriend] },
    },
    { what: 'native-token-periodic', permission: nativePeriodic({ limit: 100n, period: day, startTime: now }), execution: pay, theirs: { scope: scope({ type: 'nativeTokenPeriodTransfer', ...period }) } },
    {
      what: 'native-token-stream',
      permission: nativeStream({ initial: 100n, perSecond: 1n, max: 1000n, startTime: now }),
      execution: pay,
      theirs: { scope: scope({ type: 'nativeTokenStreaming', ...stream }) },
    },
    {
      what: 'erc721-token-transfer',
      permission: erc721Transfer({ token: sword, tokenId: 1n }),
      execution: { to: sword, value: 0n, data: give },
      // Its scope lets native token go with the call, so for the same policy it is told not to.
      theirs: { scope: scope({ type: 'erc721Transfer', tokenAddress: sword, tokenId: 1n }), caveats: [{ type: 'valueLte', maxValue: 0n }] },
    },
  ]
}

type Gas = { first: bigint; next: bigint }

/** Gas of the first redemption, which fills counters, and of one after it. Nothing stays. */
async function gasOf(caveats: readonly Caveat[], permission: Permission, execution: Execution): Promise<Gas> {
  const { client } = world.chain
  const snapshot = await client.snapshot()
  const signed = await world.sign(player, session.address, caveats)
  const verdict = check({ permissions: [permission], expiry: now + 1, calls: [execution], now })
  const [redemption] = redemptionsFor([{ permission, ...world.granted(signed) }], [execution], verdict.allowed ? verdict.covers : [])
  const delegation = redemption?.delegations[0] as Delegation
  const [first, next] = [await world.redeem(session, delegation, execution), await world.redeem(session, delegation, execution)]
  expect([first.status, next.status]).toEqual(['success', 'success'])
  await client.revert({ id: snapshot })
  return { first: first.gasUsed, next: next.gasUsed }
}

function kitCaveats({ scope, caveats = [] }: NonNullable<Row['theirs']>, expiry: number): readonly Caveat[] {
  return kit.createDelegation({
    environment: kit.getSmartAccountsEnvironment(1, '1.3.0'),
    from: player.address,
    to: session.address,
    scope,
    caveats: [...caveats, { type: 'timestamp', afterThreshold: 0, beforeThreshold: expiry }] as never,
    salt: numberToHex(randomSalt(), { size: 32 }),
  }).caveats
}

const name = ({ enforcer }: Caveat) => (enforcerName(enforcer) ?? enforcer).replace(/Enforcer$/, '')

test('no permission costs more than the vendor kit takes for the same policy, and the page says what it costs', { timeout: 120_000 }, async () => {
  const expiry = now + 86_400
  const measured: { what: string; enforcers: string; ours: Gas; theirs: Gas | undefined }[] = []
  for (const { what, permission, execution, theirs } of rows()) {
    const caveats = permissionCaveats(permission, expiry)
    const ours = await gasOf(caveats, permission, execution)
    const kits = theirs && (await gasOf(kitCaveats(theirs, expiry), permission, execution))
    if (kits) expect({ what, first: ours.first <= kits.first, next: ours.next <= kits.next }).toEqual({ what, first: true, next: true })
    measured.push({ what, enforcers: caveats.map(name).join(' · '), ours, theirs: kits })
  }

  const thousands = (gas: bigint | undefined) => (gas === undefined ? '–' : `${Math.round(Number(gas) / 1_000)} 000`)
  const table = measured.map(({ what, enforcers, ours, theirs }) => `| ${[what, enforcers, ...[ours.first, ours.next, theirs?.first, theirs?.next].map(thousands)].join(' | ')} |`)
  console.log(`\n${table.join('\n')}`)

  const page = readFileSync(new URL('../../docs/enforcers.md', import.meta.url), 'utf8').replaceAll('\r\n', '\n')
  const printed = /<!-- gas:begin -->\n[^\n]*\n[^\n]*\n([\s\S]*?)\n<!-- gas:end -->/.exec(page)?.[1]?.split('\n') ?? []
  expect(printed.map(withoutGas)).toEqual(table.map(withoutGas))
  // A few bytes of a signature more or less are a zero.
  printed.forEach((row, index) => expect({ row, close: gasIn(row).every((gas, at) => Math.abs(gas - (gasIn(table[index] ?? '')[at] ?? 0)) <= 1_000) }).toEqual({ row, close: true }))
})

/** How a row reads but for its figures. */
function withoutGas(row: string): string {
  return row.split(' | ').slice(0, 2).join(' | ')
}

function gasIn(row: string): number[] {
  return row.split(' | ').slice(2).map((cell) => Number(cell.replace(/[^\d]/g, '')))
}
