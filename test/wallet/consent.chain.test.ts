import { concatHex, encodeAbiParameters, http, parseEther, type Hex, type LocalAccount } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConsentNotMountedError, type ConsentQueue } from '../../src/consent/consentQueue.js'
import type { ConsentDecision, PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { framework } from '../../src/delegation/framework.js'
import { CannotUpgradeAccountError, createEmbeddedWallet, ForeignAccountCodeError } from '../../src/wallet/index.js'
import { newAccount, startWorld } from './walletWorld.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const grantRequest = (address: Hex, expiry = 86_400) => ({
  method: 'wallet_grantPermissions',
  params: [{ signer: { type: 'account', data: { id: newAccount().address } }, expiry, permissions: [{ type: 'contract-call', data: { address, calls: [] }, policies: [] }] }],
})

/** A wallet with its own queue, and a count of everything its owner signs. */
function watchedPlayer(options: Parameters<(typeof world)['player']>[0] = {}) {
  const owner = newAccount()
  const signed: string[] = []
  const watched = {
    ...owner,
    signTypedData: (data: never) => (signed.push('typed data'), owner.signTypedData(data)),
    signAuthorization: (data: never) => (signed.push('authorization'), owner.signAuthorization(data)),
    signTransaction: (data: never) => (signed.push('transaction'), owner.signTransaction(data)),
  } as typeof owner
  const wallet = createEmbeddedWallet({ owner: watched, chain: world.chain.chain, transport: http(world.chain.rpcUrl), sponsor: world.relay.url, ...options })
  return { owner, wallet, signed }
}

/** The next question in the queue after the ones already seen. */
function nextQuestion(consent: ConsentQueue, seen?: string) {
  return new Promise<PermissionConsentRequest>((resolve) => {
    const look = () => {
      const request = consent.getSnapshot()
      if (!request || request.id === seen) return false
      stop()
      resolve(request as PermissionConsentRequest)
      return true
    }
    const stop = consent.subscribe(look)
    look()
  })
}

describe('consent', () => {
  test('no view mounted is a failure, not a yes: nothing is signed, the account stays as it is', async () => {
    const { owner, wallet, signed } = watchedPlayer()
    await wallet.request({ method: 'eth_requestAccounts' })
    const calls = { method: 'wallet_sendCalls', params: [{ version: '2.0.0', chainId: '0x7a69', atomicRequired: true, calls: [{ to: world.sword }] }] }
    for (const request of [grantRequest(world.sword), calls]) {
      const error = await wallet.request(request).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: -32603, message: expect.stringContaining('no consent dialog is mounted') })
      expect((error as Error).cause).toBeInstanceOf(ConsentNotMountedError)
    }
    expect(signed).toEqual([])
    expect(await world.chain.client.getCode({ address: owner.address })).toBeUndefined()
  })

  test.each(['reject-press', 'escape-key', 'closed'] as const)('the user says no (%s): 4001, nothing signed, the account stays as it is', async (reason) => {
    const { owner, wallet, signed } = watchedPlayer({ onConsent: async () => ({ approved: false, reason }) })
    await expect(wallet.request(grantRequest(world.sword))).rejects.toMatchObject({ code: 4001, name: 'UserRejectedRequestError' })
    expect(signed).toEqual([])
    expect(await world.chain.client.getCode({ address: owner.address })).toBeUndefined()
    expect(await wallet.request({ method: 'wallet_getGrantedExecutionPermissions' })).toEqual([])
  })

  test.each([undefined, null, true, {}, { approved: 'yes' }])('an answer that is no answer is not a yes: %j', async (answer) => {
    const { wallet, signed } = watchedPlayer({ onConsent: async () => answer as unknown as ConsentDecision })
    await expect(wallet.request(grantRequest(world.sword))).rejects.toThrow()
    expect(signed).toEqual([])
  })

  test('questions wait in line, each with its own answer, and block nothing else', async () => {
    const { wallet, signed } = watchedPlayer()
    const unmount = wallet.consent.mount()
    const first = wallet.request(grantRequest(world.sword))
    const firstQuestion = await nextQuestion(wallet.consent)
    const second = wallet.request(grantRequest(world.sword)).catch((error: unknown) => error)

    expect(await wallet.request({ method: 'eth_chainId' })).toBe('0x7a69')
    expect(await wallet.request({ method: 'eth_blockNumber' })).toMatch(/^0x/)
    expect(signed).toEqual([])

    wallet.consent.approve(firstQuestion.id)
    await expect(first).resolves.toMatchObject({ permissionsContext: expect.stringMatching(/^0x/) })
    const secondQuestion = await nextQuestion(wallet.consent, firstQuestion.id)
    expect(firstQuestion.upgradesAccount).toBe(true)
    wallet.consent.reject(secondQuestion.id)
    expect(await second).toMatchObject({ code: 4001 })
    expect(signed).toEqual(['authorization', 'typed data'])
    unmount()
  })

  test('the view goes away while it asks: 4001', async () => {
    const { wallet, signed } = watchedPlayer()
    const unmount = wallet.consent.mount()
    const asked = wallet.request(grantRequest(world.sword)).catch((error: unknown) => error)
    await nextQuestion(wallet.consent)
    unmount()
    expect(await asked).toMatchObject({ code: 4001 })
    expect(signed).toEqual([])
  })

  test('two grants approved at once upgrade the account once', async () => {
    const { wallet, signed } = watchedPlayer({ onConsent: async () => ({ approved: true }) })
    await Promise.all([wallet.request(grantRequest(world.sword)), wallet.request(grantRequest(world.sword))])
    expect(signed.filter((what) => what === 'authorization')).toHaveLength(1)
  })

  test('a session that ended while the user was thinking is not granted', async () => {
    const { wallet, signed } = watchedPlayer({
      onConsent: async () => {
        await world.chain.increaseTime(100)
        return { approved: true }
      },
    })
    await expect(wallet.request(grantRequest(world.sword, 50))).rejects.toMatchObject({ code: -32602 })
    expect(signed).not.toContain('typed data')
  })

  test('the account runs other code already: refused before the user is asked, and left alone', async () => {
    const { owner, wallet } = watchedPlayer({ onConsent: () => Promise.reject(new Error('asked')) })
    const code = concatHex(['0xef0100', framework.HybridDeleGatorImpl]).toLowerCase() as Hex
    await world.chain.client.setCode({ address: owner.address, bytecode: code })
    const error = await wallet.request(grantRequest(world.sword)).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: -32603, cause: expect.any(ForeignAccountCodeError) })
    expect((error as { cause: ForeignAccountCodeError }).cause.implementation).toBe(framework.HybridDeleGatorImpl)
    expect(await world.chain.client.getCode({ address: owner.address })).toBe(code)
  })

  test('a signer that cannot authorize an upgrade is told what is missing', async () => {
    const owner = { ...newAccount(), signAuthorization: undefined } as unknown as LocalAccount
    const { wallet } = watchedPlayer({ owner, onConsent: async () => ({ approved: true }) })
    const error = await wallet.request(grantRequest(world.sword)).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: -32603, cause: expect.any(CannotUpgradeAccountError), message: expect.stringContaining('signAuthorization') })
  })

  test('an owner made on demand: asked for once, and asked again after a failure', async () => {
    let asked = 0
    const owner = newAccount()
    const { wallet } = watchedPlayer({
      owner: async () => {
        asked += 1
        if (asked === 1) throw new Error('the network is down')
        return owner
      },
    })
    expect(await wallet.request({ method: 'eth_chainId' })).toBe('0x7a69')
    expect(await wallet.request({ method: 'eth_accounts' })).toEqual([])
    expect(asked).toBe(0)
    await expect(wallet.request({ method: 'eth_requestAccounts' })).rejects.toMatchObject({ code: -32603, message: expect.stringContaining('the network is down') })
    expect(await wallet.request({ method: 'eth_requestAccounts' })).toEqual([owner.address])
    expect(await wallet.request({ method: 'eth_accounts' })).toEqual([owner.address])
    expect(asked).toBe(2)
  })

  test('what contracts say of themselves is shown short and without tricks, and its lack is no failure', async () => {
    /** A contract that answers every call with the same bytes. */
    const answering = async (data: Hex) => {
      const { address } = newAccount()
      const length = ((data.length - 2) / 2).toString(16).padStart(4, '0')
      await world.chain.client.setCode({ address, bytecode: concatHex([`0x61${length}600e60003961${length}6000f3`, data]) })
      return address
    }
    const string = (text: string) => encodeAbiParameters([{ type: 'string' }], [text])
    const contracts = {
      spoof: await answering(string('Gold\u202E — safe\n\u0000' + 'x'.repeat(500))),
      old: await answering(`0x${Buffer.from('MKR').toString('hex').padEnd(64, '0')}`),
      silent: newAccount().address,
    }
    let question: PermissionConsentRequest | undefined
    const { wallet } = watchedPlayer({
      onConsent: async (request) => {
        question = request as PermissionConsentRequest
        return { approved: false, reason: 'closed' }
      },
    })
    const [{ permissions, ...request }] = grantRequest(world.gold).params as unknown as [{ permissions: object[] }]
    const all = Object.values(contracts).map((address) => ({ type: 'contract-call', data: { address, calls: [] }, policies: [] }))
    await expect(wallet.request({ method: 'wallet_grantPermissions', params: [{ ...request, permissions: [...permissions, ...all] }] })).rejects.toMatchObject({ code: 4001 })

    const metadata = question?.metadata ?? {}
    const of = (address: Hex) => metadata[address.toLowerCase() as Lowercase<Hex>]
    expect(of(world.gold)).toEqual({ name: 'Gold', symbol: 'GOLD', decimals: 18 })
    expect(of(contracts.spoof)?.name).toMatch(/^Gold — safe x{27}…$/)
    expect(of(contracts.old)?.symbol).toBe('MKR')
    expect(of(contracts.silent)).toBeUndefined()
  })

  test('the owner pays for the upgrade where there is no sponsor', async () => {
    const { owner, wallet } = watchedPlayer({ sponsor: undefined, onConsent: async () => ({ approved: true }) })
    await world.chain.setBalance(owner.address, parseEther('1'))
    await wallet.request(grantRequest(world.sword))
    expect(await world.chain.client.getCode({ address: owner.address })).toBe(concatHex(['0xef0100', framework.EIP7702StatelessDeleGatorImpl]).toLowerCase())
  })
})
