import { parseUnits, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OnConsent } from '../../src/consent/consentRequest.js'
import { lowerTerms } from '../../src/consent/lowerTerms.js'
import { erc7715 } from '../../src/dialects/erc7715.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import { compare } from '../../src/permissions/compare.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { newAccount, startWorld } from './walletWorld.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const gold = (amount: string) => parseUnits(amount, 18)

/** A user who allows 40 of 1000 gold for an hour, and no minting. */
const frugal: OnConsent = async (request) => {
  if (request.type !== 'permissions') return { approved: true }
  return { approved: true, terms: lowerTerms(request, { limits: { 0: { limit: gold('40') } }, omitted: [1], expiry: request.chainTime + 3_600 }) }
}

async function ask(adjustable?: boolean) {
  const { account, wallet } = world.player({ onConsent: frugal })
  await world.giveGold(account, '100')
  const session = newAccount()
  const permissions = [erc20Allowance({ token: world.gold, limit: gold('1000') }), contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'], optional: true })]
  const abilities = await erc7715.detect(createWalletProbe({ provider: wallet, connectorId: 'test', account, chainId: world.chain.chain.id }))
  const request = { chainId: world.chain.chain.id, account, delegate: session.address, permissions, expiry: (await world.now()) + 3 * 86_400, adjustable, abilities }
  return { session, request, answer: () => wallet.request(erc7715.encodeGrant(request)) }
}

test('the chain enforces what the user lowered it to, and the answer says so', async () => {
  const { session, request, answer } = await ask()
  const { granted, expiry } = erc7715.decodeGrant(await answer(), request)
  expect(compare(request, { permissions: granted.map(({ permission }) => permission), expiry })).toEqual([
    { asked: undefined, path: 'expiry', kind: 'narrower' },
    { asked: 0, path: 'limit', kind: 'narrower' },
    { asked: 1, path: 'permission', kind: 'missing' },
  ])
  const context = granted[0]?.context as Hex
  const shop = newAccount().address
  await world.redeem(session, context, world.pay(shop, '40'))
  expect(await world.goldOf(shop)).toBe(gold('40'))
  await expect(world.redeem(session, context, world.pay(shop, '1'))).rejects.toThrow('allowance-exceeded')
  await expect(world.redeem(session, context, world.mint(shop))).rejects.toThrow()
})

test('the earlier end too', async () => {
  const { session, request, answer } = await ask()
  const { granted } = erc7715.decodeGrant(await answer(), request)
  await world.chain.increaseTime(3_700)
  await expect(world.redeem(session, granted[0]?.context as Hex, world.pay(newAccount().address, '1'))).rejects.toThrow('expired')
})

test('a request that must not be adjusted is granted as it is, or not at all', async () => {
  const { answer } = await ask(false)
  await expect(answer()).rejects.toMatchObject({ message: expect.stringContaining('cannot be changed') })
})

test('the wallet knows what its account has allowed already, as long as it is in force', async () => {
  const { account, wallet, questions } = world.player()
  const spend = (amount: string) => erc20Allowance({ token: world.gold, limit: gold(amount) })
  const ask = async (permissions: ReturnType<typeof spend>[]) => {
    const request = { chainId: world.chain.chain.id, account, delegate: newAccount().address, permissions, expiry: (await world.now()) + 86_400 }
    return erc7715.decodeGrant(await wallet.request(erc7715.encodeGrant(request)), request)
  }
  const first = await ask([spend('5')])
  await ask([spend('7')])
  expect(questions.map((question) => question.type === 'permissions' && question.existing)).toEqual([
    undefined,
    { terms: { permissions: [spend('5')], expiry: first.expiry }, ends: undefined },
  ])
})
