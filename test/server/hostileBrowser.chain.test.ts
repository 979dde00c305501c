import fc from 'fast-check'
import { encodeFunctionData, parseEther, type Address } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { delegationManagerAbi } from '../../src/delegation/abis.js'
import { decodeContext as decode, encodeContext } from '../../src/delegation/context.js'
import { delegationTypedData, randomSalt, type Delegation } from '../../src/delegation/delegation.js'
import { isDelegated } from '../../src/delegation/grantedPermission.js'
import { anyDelegate, framework, rootAuthority } from '../../src/delegation/framework.js'
import { permissionCaveats } from '../../src/delegation/permissionCaveats.js'
import { hashPermissions } from '../../src/permissions/hashPermissions.js'
import type { Permission } from '../../src/permissions/permission.js'
import { createEnrolment } from '../../src/server/index.js'
import type { EnrolmentRequest, WireGrant } from '../../src/sessions/enrolmentWire.js'
import { toJsonText } from '../../src/sessions/jsonText.js'
import type { SessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { gold, newAccount } from '../startShop.js'
import { startServer, type ServerWorld } from './startServer.js'

let world: ServerWorld
/** Alice is a user with a session; Mallory is a user too, and has a wallet of her own. */
let alice: { owner: PrivateKeyAccount; config: SessionKeyConfig }
let mallory: { owner: PrivateKeyAccount; config: SessionKeyConfig; key: Address }
let honest: Enrol
beforeAll(async () => {
  world = await startServer()
  alice = await world.openPage()
  const page = await world.openPage()
  const { key } = await world.subscribe(world.voucher, { user: 'mallory', config: page.config })
  mallory = { ...page, key }
  const { session } = await world.subscribe(world.subscription, { user: 'alice', config: alice.config })
  const granted = session.granted.filter(isDelegated).map(({ permission, context, delegationManager }) => ({ permission, context, delegationManager }))
  honest = { ...wanted(alice.owner.address), granted, expiry: session.expiry }
})
afterAll(() => world.stop())

type Enrol = Extract<EnrolmentRequest, { action: 'enrol' }>

const wanted = (account: Address) =>
  ({ action: 'enrol', session: 'subscription', chainId: world.chain.chain.id, account, permissionsHash: hashPermissions(world.subscription.permissions) }) as const

async function post(body: string, headers: Record<string, string> = { 'x-user': 'mallory' }, handler = world.enrolment.handler) {
  const response = await handler(new Request('https://shop.example/session', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }))
  const { error } = (await response.json()) as { error?: { reason?: string; message: string } }
  return { status: response.status, reason: error?.reason, message: error?.message }
}

const enrol = (body: object, user = 'mallory') => post(toJsonText(body), { 'x-user': user })

/** Everything that the server keeps, and everything that anybody has spent. */
async function everything() {
  const kinds = ['key', 'address', 'session', 'grant', 'intent', 'history'] as const
  const rows = await Promise.all(kinds.map((kind) => world.store.list(kind)))
  return toJsonText([rows, await world.chain.client.getBlockNumber({ cacheTime: 0 }), await world.nonceOf(mallory.key), await world.earned()])
}

let before: string
beforeEach(async () => void (before = await everything()))

/** Refused for that reason, and nothing stored, and nothing spent. */
async function refused(answer: { status: number; reason: string | undefined }, reason: string) {
  expect(answer).toMatchObject({ reason })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  expect(await everything()).toBe(before)
  expect(world.errors).toEqual([])
}

type Signing = { owner?: PrivateKeyAccount; delegate?: Address; delegator?: Address; chainId?: number; until?: number; signed?: Permission }

/** One moment for all: what is signed and what is said must not fall into two seconds. */
const tomorrow = Math.floor(Date.now() / 1_000) + 86_400
const soon = () => tomorrow

/** A grant as Mallory's own wallet would sign it, if she wrote that wallet herself. */
async function sign(permission: Permission, { owner = mallory.owner, delegate = mallory.key, delegator = owner.address, chainId = world.chain.chain.id, until, signed = permission }: Signing = {}): Promise<WireGrant> {
  const unsigned = { delegate, delegator, authority: rootAuthority, caveats: permissionCaveats(signed, until ?? soon()), salt: randomSalt() } as const
  const delegation: Delegation = { ...unsigned, signature: await owner.signTypedData(delegationTypedData(unsigned, chainId)) }
  return { permission, context: encodeContext([delegation]), delegationManager: framework.DelegationManager }
}

/** What the definition asks for, from now on. */
function charge(change: Partial<Extract<Permission, { type: 'erc20-token-periodic' }>> = {}): Permission {
  const startTime = Math.floor(Date.now() / 1_000)
  return { type: 'erc20-token-periodic', token: world.gold, limit: gold(20), period: 86_400, payee: world.shop, startTime, ...change }
}

const own = (granted: readonly WireGrant[], more: Partial<Enrol> = {}) => enrol({ ...wanted(mallory.owner.address), granted, expiry: soon(), ...more })

test('nobody is signed in', async () => {
  await refused(await post(toJsonText(honest), {}), 'not-authenticated')
})

test('another user’s grant: it is to that user’s key', async () => {
  await refused(await enrol(honest), 'other-key')
})

test('another user’s account, where the app knows whose accounts are whose', async () => {
  const strict = createEnrolment({ ...world.parameters, definitions: world.definitions, authenticate: () => ({ id: 'mallory', accounts: [mallory.owner.address] }) })
  for (const action of ['address', 'status'] as const) {
    await refused(await post(toJsonText({ ...wanted(alice.owner.address), action }), {}, strict.handler), 'other-account')
  }
  await refused(await post(toJsonText(honest), {}, strict.handler), 'other-account')
})

test('another user’s account, claimed over one’s own grant, or the other way round', async () => {
  await refused(await own([await sign(charge())], { account: alice.owner.address }), 'other-account')
  await refused(await own([await sign(charge(), { delegator: alice.owner.address })]), 'other-account')
  // Signed by Mallory in the name of Alice.
  const forged = await sign(charge(), { delegator: alice.owner.address })
  await refused(await enrol({ ...wanted(alice.owner.address), granted: [forged], expiry: soon() }), 'not-signed')
})

test('another chain: said, or signed', async () => {
  await refused(await own([await sign(charge())], { chainId: 1 }), 'other-chain')
  await refused(await own([await sign(charge(), { chainId: 1 })]), 'not-signed')
})

test.each([
  ['limit', () => ({ limit: gold(21) })],
  ['payee left out', () => ({ payee: undefined })],
  ['a start in the past, with periods that have run already', () => ({ startTime: Math.floor(Date.now() / 1_000) - 30 * 86_400 })],
] as const)('more than was asked for, and said so: %s', async (_name, change) => {
  await refused(await own([await sign(charge(change()))]), 'broader')
})

test.each([
  ['period', () => ({ period: 3_600 })],
  ['payee', () => ({ payee: mallory.owner.address })],
] as const)('something else than was asked for: %s', async (_name, change) => {
  await refused(await own([await sign(charge(change()))]), 'other-terms')
})

test('a longer time, and a time without an end', async () => {
  const long = soon() + 365 * 86_400
  await refused(await own([await sign(charge(), { until: long })], { expiry: long }), 'broader')
  await refused(await own([await sign(charge(), { until: long })]), 'other-terms')
  await refused(await own([await sign(charge())], { expiry: 0 }), 'other-terms')
})

test('another context than the words say', async () => {
  await refused(await own([await sign(charge(), { signed: charge({ limit: gold(2000) }) })]), 'other-terms')
  await refused(await own([await sign(charge(), { signed: charge({ token: world.usd }) })]), 'other-terms')
})

test('a permission beside what was asked for', async () => {
  const more: Permission = { type: 'native-token-allowance', limit: 1n }
  await refused(await own([await sign(charge()), await sign(more)]), 'broader')
})

test('a delegation to anyone', async () => {
  await refused(await own([await sign(charge(), { delegate: anyDelegate })]), 'open-delegation')
})

test('a delegation to somebody else’s address, and to another user’s key', async () => {
  await refused(await own([await sign(charge(), { delegate: newAccount().address })]), 'other-key')
  const { address } = await world.enrolment.address({ id: 'alice' }, wanted(alice.owner.address))
  await refused(await own([await sign(charge(), { delegate: address })]), 'other-key')
})

test('a redelegation, and the contexts of something else', async () => {
  const leaf = await sign(charge())
  const both = { ...leaf, context: encodeContext([...decode(leaf.context), ...decode(leaf.context)]) }
  await refused(await own([both]), 'not-readable')
  await refused(await own([{ ...leaf, context: '0x' }]), 'not-readable')
  await refused(await own([{ ...leaf, context: '0xdeadbeef' }]), 'not-readable')
  await refused(await own([{ ...leaf, delegationManager: world.gold }]), 'other-manager')
  await refused(await own([leaf, leaf]), 'other-terms')
})

test('nobody’s signature, and another’s', async () => {
  const grant = await sign(charge())
  const [delegation] = decode(grant.context)
  const tampered = encodeContext([{ ...(delegation as Delegation), salt: 1n }])
  await refused(await own([{ ...grant, context: tampered }]), 'not-signed')
  await refused(await own([await sign(charge(), { owner: newAccount(), delegator: mallory.owner.address })]), 'not-signed')
  const unsigned = encodeContext([{ ...(delegation as Delegation), signature: '0x' }])
  await refused(await own([{ ...grant, context: unsigned }]), 'not-signed')
})

test('an account that is no smart account', async () => {
  const stranger = newAccount()
  await refused(await own([await sign(charge(), { owner: stranger })], { account: stranger.address }), 'not-deployed')
})

test('another definition, or none', async () => {
  await refused(await own([await sign(charge())], { session: 'everything' }), 'unknown-session')
  await refused(await own([await sign(charge())], { permissionsHash: hashPermissions(world.voucher.permissions) }), 'other-definition')
  await refused(await own([await sign(charge())], { session: 'voucher', permissionsHash: hashPermissions(world.voucher.permissions) }), 'other-terms')
})

test('an enrolment that is sent again makes no second session, for anybody', async () => {
  const first = await world.enrolment.enrol({ id: 'alice' }, honest)
  expect(await world.enrolment.enrol({ id: 'alice' }, honest)).toEqual(first)
  expect(await everything()).toBe(before)
  await refused(await enrol(honest), 'other-key')
})

test('one delegation is one session’s: a part of a grant is none of its own', async () => {
  const { config } = await world.openPage()
  const { session } = await world.subscribe(world.smithy, { user: 'bob', config })
  before = await everything()
  const [one] = session.granted.filter(isDelegated).map(({ permission, context, delegationManager }) => ({ permission, context, delegationManager }))
  const part = { ...wanted(session.account), session: 'smithy', permissionsHash: hashPermissions(world.smithy.permissions), granted: [one], expiry: session.expiry }
  await refused(await enrol(part, 'bob'), 'already-enrolled')
})

test('what was revoked before it was enrolled, and what was enrolled, has ended, and comes again', async () => {
  const grant = await sign(charge())
  const [delegation] = decode(grant.context)
  await world.chain.setBalance(mallory.owner.address, parseEther('1'))
  const data = encodeFunctionData({ abi: delegationManagerAbi, functionName: 'disableDelegation', args: [delegation as never] })
  const serializedTransaction = await mallory.owner.signTransaction({
    chainId: world.chain.chain.id,
    to: framework.DelegationManager,
    data,
    gas: 300_000n,
    maxFeePerGas: 10n ** 11n,
    nonce: await world.nonceOf(mallory.owner.address),
  })
  await world.chain.client.waitForTransactionReceipt({ hash: await world.chain.client.sendRawTransaction({ serializedTransaction }) })
  before = await everything()
  await refused(await own([grant]), 'revoked')

  const { config } = await world.openPage()
  const { session, id } = await world.subscribe(world.voucher, { user: 'carol', config })
  await revokePermissions(config, { id: session.id })
  const agent = world.agent()
  await expect(agent.look(id)).rejects.toMatchObject({ reason: 'revoked' })
  before = await everything()
  const granted = session.granted.filter(isDelegated).map(({ permission, context, delegationManager }) => ({ permission, context, delegationManager }))
  const again = { ...wanted(session.account), session: 'voucher', permissionsHash: hashPermissions(world.voucher.permissions), granted, expiry: session.expiry }
  await refused(await enrol(again, 'carol'), 'already-enrolled')
})

test('bodies that are none of the protocol', async () => {
  await refused(await post('{'), 'not-readable')
  await refused(await post('null'), 'not-readable')
  await refused(await post(toJsonText({ ...honest, more: 1 })), 'not-readable')
  await refused(await post(toJsonText({ ...honest, granted: [] })), 'not-readable')
  await refused(await post(toJsonText(honest).replace('{', '{"__proto__":{"expiry":1},')), 'not-readable')
  await refused(await post(`"${'a'.repeat(600_000)}"`), 'too-large')
  // A form of another site carries the user's cookies.
  await refused(await post(toJsonText(honest), { 'x-user': 'alice', 'content-type': 'text/plain' }), 'not-readable')
  expect((await world.enrolment.handler(new Request('https://shop.example/session'))).status).toBe(405)
})

test('of a hundred grants that are bent somewhere, none is taken', async () => {
  const good = { ...wanted(mallory.owner.address), granted: [await sign(charge())], expiry: soon() }
  const text = toJsonText(good)
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: text.length - 1 }), fc.constantFrom('0', '1', '9', 'a', 'f', '"', '{', ',', ''), async (at, letter) => {
      const bent = text.slice(0, at) + letter + text.slice(at + 1)
      fc.pre(bent.toLowerCase() !== text.toLowerCase())
      const answer = await post(bent)
      // Earlier by some seconds is less than was asked for, and is what was signed or it is refused.
      expect(answer.reason, bent).toBeTypeOf('string')
      expect(answer.status).toBeLessThan(500)
    }),
    { numRuns: 100, seed: 7 },
  )
  expect(await everything()).toBe(before)
})
