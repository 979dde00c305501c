import { concatHex, encodeAbiParameters, encodeFunctionData, getAddress, hashTypedData, hexToBigInt, keccak256, numberToHex, parseAbi, parseEther, slice, stringToHex, zeroAddress, zeroHash, type Address, type Hex } from 'viem'
import { sendTransaction } from 'viem/actions'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
import { caveats } from '../../src/delegation/caveats.js'
import { delegationTypedData, hashDelegation, randomSalt, type Delegation } from '../../src/delegation/delegation.js'
import { framework } from '../../src/delegation/framework.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { p256Account } from '../../src/delegation/p256Account.js'
import { proxyBytecode } from '../../src/delegation/proxyBytecode.js'
import { encodeRedeemDelegations, type Redemption } from '../../src/delegation/redeem.js'
import { decodeRevertReason, findRevertData } from '../../src/delegation/revertReason.js'
import { redemptionsFor } from '../../src/execution/redemptions.js'
import { createRelayClient } from '../../src/execution/relayClient.js'
import type { ContractSigner } from '../../src/keys/sessionSigner.js'
import { createP256Key, p256Signer, type P256Key } from '../../src/keys/webcryptoP256.js'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import type { Session } from '../../src/sessions/session.js'
import { gold, newAccount, startShop } from '../startShop.js'

const hybridAbi = parseAbi([
  'function owner() view returns (address)',
  'function getKeyIdHashes() view returns (bytes32[])',
  'function getKey(string keyId) view returns (uint256 x, uint256 y)',
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
  'function initialize(address owner, string[] keyIds, uint256[] xValues, uint256[] yValues)',
])
const factoryAbi = parseAbi(['function deploy(bytes bytecode, bytes32 salt) returns (address)'])
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const valid = '0x1626ba7e' // ERC-1271

let world: Awaited<ReturnType<typeof startShop>>
const thief = newAccount()
beforeAll(async () => {
  world = await startShop({ key: 'p256' })
  await world.chain.setBalance(thief.address, parseEther('10'))
})
afterAll(() => world.stop())

let session: Session
let signer: ContractSigner
/** A fresh session with a fresh key, whose account is not deployed. */
beforeEach(async () => {
  ;({ session } = await world.grant())
  signer = (await world.config.sessions.signer(session)) as ContractSigner
})

const codeOf = (address: Address) => world.chain.client.getCode({ address })
const sponsored = () => world.chain.client.getTransactionCount({ address: world.sponsor.address })
const send = (calls: readonly unknown[], options: { skipCheck?: boolean } = {}) =>
  sendSessionCalls(world.config, { session: session.id, calls: calls as never, ...options })
const storedKey = async () => (await world.store.getKey(session.id))?.key as P256Key
const isValid = (hash: Hex, signature: Hex) => world.chain.client.readContract({ address: session.address, abi: hybridAbi, functionName: 'isValidSignature', args: [hash, signature] })

/** What a node is asked about the session's account. */
function watchCodeReads() {
  const reads: string[] = []
  const { fetch } = globalThis
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const body = String(init?.body).toLowerCase()
    if (body.includes('eth_getcode') && body.includes(session.address.toLowerCase())) reads.push(body)
    return fetch(input, init)
  })
  return reads
}

test('the first call deploys the account, the next ones only act; nobody owns it and one key signs for it', async () => {
  const [swords, transactions] = [await world.swords(), await sponsored()]
  expect(await codeOf(session.address)).toBeUndefined()

  const { receipt } = await send([world.mint])
  expect(await world.swords()).toBe(swords + 1n)
  expect(await sponsored(), 'a deployment and a mint').toBe(transactions + 2)
  expect(receipt.type, 'no EIP-7702').toBe('eip1559')

  const reads = watchCodeReads()
  await send([world.mint])
  expect(await world.swords()).toBe(swords + 2n)
  expect(await sponsored()).toBe(transactions + 3)
  expect(reads, 'it is known to be there').toEqual([])

  const { publicKey } = await storedKey()
  const read = (functionName: 'owner' | 'getKeyIdHashes') => world.chain.client.readContract({ address: session.address, abi: hybridAbi, functionName })
  expect(await read('owner')).toBe(zeroAddress)
  expect(await read('getKeyIdHashes')).toEqual([keccak256(stringToHex('session'))])
  expect(await world.chain.client.readContract({ address: session.address, abi: hybridAbi, functionName: 'getKey', args: ['session'] })).toEqual([publicKey.x, publicKey.y])
  expect(await world.chain.client.getBalance({ address: session.address })).toBe(0n)
})

test('an app that is opened again does not deploy again', async () => {
  await send([world.mint])
  const transactions = await sponsored()
  const reopened = world.openApp()
  reopened.wagmi.setState(world.config.wagmi.state)
  await sendSessionCalls(reopened, { session: session.id, calls: [world.mint] })
  expect(await sponsored()).toBe(transactions + 1)
})

test('an atomic batch, as the very first call: all of it, or nothing', async () => {
  const [swords, coins] = [await world.swords(), await world.balance(world.gold, world.player)]
  const { receipt } = await send([world.pay(gold(1)), world.mint, world.mint])
  expect(receipt.type, 'no EIP-7702').toBe('eip1559')
  expect(await world.swords()).toBe(swords + 2n)
  expect(await world.balance(world.gold, world.player)).toBe(coins - gold(1))

  await expect(send([world.mint, world.pay(gold(1000))], { skipCheck: true })).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'chain' })
  expect(await world.swords()).toBe(swords + 2n)
})

test('two calls at once deploy once', async () => {
  const [swords, transactions] = [await world.swords(), await sponsored()]
  await Promise.all([send([world.mint]), send([world.mint])])
  expect(await world.swords()).toBe(swords + 2n)
  expect(await sponsored()).toBe(transactions + 3)
})

test('over the limit: our check refuses, and past it the chain', async () => {
  await expect(send([world.pay(gold(1001))])).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'check' })
  await expect(send([world.pay(gold(1001))], { skipCheck: true })).rejects.toMatchObject({ name: 'SpendLimitExceededError', by: 'chain' })
})

describe('signatures', () => {
  const message = (n: number) => ({ domain: {}, types: { Number: [{ name: 'n', type: 'uint256' }] }, primaryType: 'Number', message: { n: BigInt(n) } }) as const
  const parts = (signature: Hex) => ({ id: slice(signature, 0, 32), r: slice(signature, 32, 64), s: hexToBigInt(slice(signature, 64, 96)) })
  const withS = (signature: Hex, s: bigint) => concatHex([parts(signature).id, parts(signature).r, numberToHex(s, { size: 32 })])

  beforeEach(() => send([world.mint]))

  test('ours are always in the lower half, where WebCrypto’s are not, and the account takes every one', async () => {
    const { privateKey } = await storedKey()
    const raw = await Promise.all(Array.from({ length: 64 }, () => crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, new Uint8Array(32))))
    const upper = raw.filter((signature) => hexToBigInt(slice(`0x${Buffer.from(signature).toString('hex')}`, 32)) > order / 2n)
    expect(upper.length, 'of 64, all lower once in 10^19').toBeGreaterThan(0)

    for (let n = 0; n < 64; n += 1) {
      const signature = await signer.signTypedData(message(n))
      expect(parts(signature).s <= order / 2n).toBe(true)
      expect(await isValid(hashTypedData(message(n)), signature)).toBe(valid)
    }
  })

  test('the twin in the upper half is refused on-chain, and so are another key’s and another message’s', async () => {
    const hash = hashTypedData(message(1))
    const signature = await signer.signTypedData(message(1))
    const otherKey = await createP256Key()
    const foreign = await p256Signer(otherKey, otherKey).signTypedData(message(1))
    expect(await isValid(hash, signature)).toBe(valid)
    expect(await isValid(hash, withS(signature, order - parts(signature).s))).not.toBe(valid)
    expect(await isValid(hash, foreign)).not.toBe(valid)
    expect(await isValid(hash, await signer.signTypedData(message(2)))).not.toBe(valid)
  })

  test('an owner of address zero is no hole: what recovers to nobody is not the owner’s', async () => {
    for (const v of ['00', '1b', '1c', 'ff'] as const) {
      const nobody: Hex = `0x${'00'.repeat(64)}${v}`
      const answer = await isValid(zeroHash, nobody).catch(() => 'reverted')
      expect(answer).not.toBe(valid)
    }
  })

  test('a leaf that carries the upper twin is mined and reverted', async () => {
    const [mint] = redemptionsFor(session.granted as DelegatedPermission[], encodeSessionCalls([world.mint]), [{ permission: 0 }]) as readonly [Redemption]
    const leaf = {
      delegate: thief.address,
      delegator: session.address,
      authority: hashDelegation(mint.delegations[0] as Delegation),
      caveats: [caveats.exactExecution(mint.execution), caveats.callLimit(1), caveats.time({ until: session.expiry })],
      salt: randomSalt(),
    }
    const signature = await signer.signTypedData(delegationTypedData(leaf, session.chainId))
    const redeem = (by: Hex) => encodeRedeemDelegations([{ ...mint, delegations: [{ ...leaf, signature: by }, ...mint.delegations] }])
    const twin = { account: thief, chain: world.chain.chain, to: framework.DelegationManager, data: redeem(withS(signature, order - parts(signature).s)) }

    const hash = await sendTransaction(world.chain.client, { ...twin, gas: 3_000_000n })
    expect((await world.chain.client.waitForTransactionReceipt({ hash })).status).toBe('reverted')
    const refusal: unknown = await sendTransaction(world.chain.client, twin).catch((error: unknown) => error)
    expect(decodeRevertReason(findRevertData(refusal) as Hex)).toMatchObject({ reason: 'InvalidERC1271Signature' })

    // The same leaf with the signature as we make it goes through.
    const good = await sendTransaction(world.chain.client, { ...twin, data: redeem(signature) })
    expect((await world.chain.client.waitForTransactionReceipt({ hash: good })).status).toBe('success')
  })
})

describe('the relay deploys session accounts and nothing else', () => {
  const hybrid = (owner: Address, ids: string[], xs: bigint[], ys: bigint[]) => encodeFunctionData({ abi: hybridAbi, functionName: 'initialize', args: [owner, ids, xs, ys] })
  const initCode = (initialization: Hex, { code = proxyBytecode as Hex, implementation = framework.HybridDeleGatorImpl as Address } = {}) =>
    concatHex([code, encodeAbiParameters([{ type: 'address' }, { type: 'bytes' }], [implementation, initialization])])
  const deploy = (bytecode: Hex, salt: Hex = zeroHash) => encodeFunctionData({ abi: factoryAbi, args: [bytecode, salt] })
  const [x, y] = [3n, 4n]
  const ours = hybrid(zeroAddress, ['session'], [x], [y])
  const relay = () => createRelayClient({ url: world.relay.url })

  test('what is built here by hand is what the kit builds', () => {
    expect(deploy(initCode(ours))).toBe(p256Account({ x, y }).deployment.factoryData)
  })

  test.each<[string, Hex, Address?]>([
    ['an owner', deploy(initCode(hybrid(thief.address, ['session'], [x], [y])))],
    ['a second key', deploy(initCode(hybrid(zeroAddress, ['session', 'other'], [x, 5n], [y, 6n])))],
    ['no key', deploy(initCode(hybrid(zeroAddress, [], [], [])))],
    ['another name for the key', deploy(initCode(hybrid(zeroAddress, ['other'], [x], [y])))],
    ['another salt', deploy(initCode(ours), numberToHex(1, { size: 32 }))],
    ['another implementation', deploy(initCode(ours, { implementation: framework.MultiSigDeleGatorImpl }))],
    ['another initialisation', deploy(initCode('0x8129fc1c'))],
    ['other code before it', deploy(initCode(ours, { code: concatHex(['0x5b', proxyBytecode]) }))],
    ['other code of the same length', deploy(initCode(ours, { code: concatHex([slice(proxyBytecode, 0, -1), '0xff']) }))],
    ['code after it', deploy(concatHex([initCode(ours), '0x00']))],
    ['bytes after the call', concatHex([deploy(initCode(ours)), '0x00'])],
    ['the proxy alone', deploy(proxyBytecode)],
    ['a bare contract', deploy('0x60016000f3')],
    ['another function', '0x12345678'],
    ['another factory', deploy(initCode(ours)), '0x4e59b44847b379578588920cA78FbF26c0B4956C'],
  ])('refused: %s', async (_, data, to = framework.SimpleFactory) => {
    const transactions = await sponsored()
    await expect(relay().send({ chainId: session.chainId, to, data })).rejects.toMatchObject({
      name: 'RelayRejectedError',
      code: -32602,
      message: expect.stringContaining('Not sponsored'),
    })
    expect(await sponsored()).toBe(transactions)
  })

  test('an authorization does not ride along', async () => {
    const { factory: to, factoryData: data } = signer.deployment
    const authorization = await thief.signAuthorization({ address: framework.EIP7702StatelessDeleGatorImpl, chainId: session.chainId, nonce: 0 })
    await expect(relay().send({ chainId: session.chainId, to, data, authorizationList: [authorization] })).rejects.toMatchObject({ code: 4210 })
  })

  test('the same deployment again costs nothing', async () => {
    const { factory: to, factoryData: data } = signer.deployment
    const first = await relay().send({ chainId: session.chainId, to, data })
    const transactions = await sponsored()
    expect((await relay().send({ chainId: session.chainId, to, data })).transactionHash).toBe(first.transactionHash)
    expect(await sponsored()).toBe(transactions)
  })
})

describe('somebody else deploys the account first', () => {
  const deployAsThief = async () => {
    const { factory: to, factoryData: data } = signer.deployment
    const hash = await sendTransaction(world.chain.client, { account: thief, chain: world.chain.chain, to, data })
    expect((await world.chain.client.waitForTransactionReceipt({ hash })).status).toBe('success')
  }

  test('it is the same account, and the session acts', async () => {
    await deployAsThief()
    expect(await world.chain.client.readContract({ address: session.address, abi: hybridAbi, functionName: 'owner' })).toBe(zeroAddress)
    const [swords, transactions] = [await world.swords(), await sponsored()]
    await send([world.mint])
    expect(await world.swords()).toBe(swords + 1n)
    expect(await sponsored(), 'there was nothing to deploy').toBe(transactions + 1)
  })

  test('in the very moment between our look and the relay’s transaction', async () => {
    let raced = 0
    const racing: typeof fetch = async (input, init) => {
      if (String(init?.body).toLowerCase().includes(framework.SimpleFactory.toLowerCase())) {
        raced += 1
        await deployAsThief()
      }
      return fetch(input, init)
    }
    const swords = await world.swords()
    const { config } = await openWith({ relay: { url: world.relay.url, fetch: racing } })
    await sendSessionCalls(config, { session: session.id, calls: [world.mint] })
    expect(raced).toBe(1)
    expect(await world.swords()).toBe(swords + 1n)
  })

  test('it cannot be initialised again, or taken over by calling it', async () => {
    await deployAsThief()
    const data = encodeFunctionData({ abi: hybridAbi, functionName: 'initialize', args: [thief.address, ['thief'], [1n], [2n]] })
    await expect(sendTransaction(world.chain.client, { account: thief, chain: world.chain.chain, to: session.address, data })).rejects.toThrow(/revert/i)
    expect(await world.chain.client.readContract({ address: session.address, abi: hybridAbi, functionName: 'owner' })).toBe(zeroAddress)
  })
})

test('a relay that does not deploy it: a typed error, the call is not sent, and the next try is a new one', async () => {
  let refuses = true
  const sent: string[] = []
  const refusing: typeof fetch = async (input, init) => {
    const body = String(init?.body)
    if (body.includes('relayer_sendTransaction')) sent.push(body)
    if (refuses && body.includes('relayer_sendTransaction')) return Response.json({ jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'Not sponsored' } })
    return fetch(input, init)
  }
  const { config } = await openWith({ relay: { url: world.relay.url, fetch: refusing } })
  const swords = await world.swords()
  await expect(sendSessionCalls(config, { session: session.id, calls: [world.mint] })).rejects.toMatchObject({
    name: 'SessionAccountNotDeployedError',
    cause: { name: 'RelayRejectedError' },
  })
  expect(sent).toHaveLength(1)
  expect(getAddress(JSON.parse(sent[0] as string).params.to)).toBe(framework.SimpleFactory)

  refuses = false
  await sendSessionCalls(config, { session: session.id, calls: [world.mint] })
  expect(await world.swords()).toBe(swords + 1n)
})

test('the direct lane says that it needs a relay: before the wallet is asked, and for a session that is there already', async () => {
  const { config } = await openWith({ lane: 'direct' })
  const asked = world.questions.length
  await expect(world.grantWith(config, world.shopping)).rejects.toMatchObject({ name: 'RelayRequiredError' })
  expect(world.questions).toHaveLength(asked)
  await expect(sendSessionCalls(config, { session: session.id, calls: [world.mint] })).rejects.toMatchObject({ name: 'RelayRequiredError' })
})

test('the kind can be said for one grant; the default stays', async () => {
  const { config } = await openWith({ key: undefined })
  const usual = await world.grantWith(config, { ...world.shopping, name: 'usual' })
  const special = await world.grantWith(config, { ...world.shopping, name: 'special', key: { kind: 'p256' } })
  expect(await world.store.getKey(usual.session.id)).toMatchObject({ key: { kind: 'wrapped-secp256k1' } })
  expect(await world.store.getKey(special.session.id)).toMatchObject({ key: { kind: 'webcrypto-p256', address: special.session.address } })
})

test('a chain without the P-256 precompile: the contract does the arithmetic itself, for more gas', async () => {
  const older = await startShop({ key: 'p256' }, { args: ['--hardfork', 'prague'] })
  onTestFinished(() => older.stop())
  await older.grant()
  await older.send([older.mint])
  const { receipt } = await older.send([older.mint])
  expect(await older.swords()).toBe(2n)
  expect(receipt.gasUsed, 'else there was a precompile').toBeGreaterThan(480_000n)
  expect((await send([world.mint])).receipt.gasUsed).toBeLessThan(480_000n)
})

test('what is stored gives the key to nobody', async () => {
  const { privateKey } = await storedKey()
  expect(privateKey).toMatchObject({ type: 'private', extractable: false, usages: ['sign'] })
  for (const format of ['pkcs8', 'jwk', 'raw', 'spki'] as const) {
    await expect(crypto.subtle.exportKey(format as 'jwk', privateKey)).rejects.toThrow()
  }
  const wrapper = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['wrapKey'])
  await expect(crypto.subtle.wrapKey('pkcs8', privateKey, wrapper, { name: 'AES-GCM', iv: new Uint8Array(12) })).rejects.toThrow()
})

/** The app with other options, on the same store and connection. */
async function openWith(options: Parameters<typeof world.openApp>[0]) {
  const config = world.openApp(options)
  config.wagmi.setState(world.config.wagmi.state)
  onTestFinished(() => void vi.restoreAllMocks())
  return { config }
}
