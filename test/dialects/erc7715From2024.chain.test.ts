import { isAddressEqual, parseEther, parseUnits, type Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeContext } from '../../src/delegation/context.js'
import type { Caveat } from '../../src/delegation/delegation.js'
import { isDelegated } from '../../src/delegation/grantedPermission.js'
import { permissionCaveats } from '../../src/delegation/permissionCaveats.js'
import { contextMismatch } from '../../src/delegation/verifyContext.js'
import type { GrantAnswer, GrantRequest } from '../../src/dialects/dialect.js'
import { erc7715From2024 } from '../../src/dialects/erc7715From2024.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import type { Permission } from '../../src/permissions/permission.js'
import { newAccount, startWorld } from '../wallet/walletWorld.js'

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const day = 86_400
const gold = (amount: string) => parseUnits(amount, 18)

/** Asks the kit's own wallet in this dialect, and reads its answer in it. */
async function grantIn2024(player: ReturnType<typeof world.player>, permissions: readonly Permission[]) {
  const session = newAccount()
  const chainId = world.chain.chain.id
  const probe = createWalletProbe({ provider: player.wallet, connectorId: 'embedded', account: player.account, chainId })
  const abilities = await erc7715From2024.detect(probe)
  if (!abilities) throw new Error('The wallet does not speak this dialect.')
  const expressed = erc7715From2024.express(permissions, abilities).map((expression) => {
    if ('impossible' in expression) throw new Error(expression.impossible)
    return expression.permission
  })
  const request: GrantRequest = { chainId, account: player.account, delegate: session.address, permissions: expressed, expiry: (await world.now()) + day }
  const { method, params } = erc7715From2024.encodeGrant(request)
  const answer = erc7715From2024.decodeGrant(await player.request(method, params), request)
  return { session, abilities, request, answer }
}

const contextsOf = ({ granted }: GrantAnswer) => granted.map(({ context }) => context as Hex)
const lowerCase = (caveats: readonly Caveat[]) => caveats.map(({ enforcer, terms, args }) => `${enforcer} ${terms} ${args}`.toLowerCase())

function expectSigned({ answer, request, session }: Awaited<ReturnType<typeof grantIn2024>>) {
  expect(answer.expiry).toBe(request.expiry)
  expect(answer.handle).toBeUndefined()
  expect(answer.granted.map(({ permission }) => permission)).toEqual(request.permissions)
  for (const [index, granted] of answer.granted.entries()) {
    if (!isDelegated(granted)) throw new Error('It is no delegation.')
    expect(contextMismatch(granted, { account: request.account, delegate: session.address, expiry: request.expiry })).toBeUndefined()
    const [delegation, ...more] = decodeContext(granted.context)
    expect(more).toEqual([])
    expect(lowerCase(delegation?.caveats ?? [])).toEqual(lowerCase(permissionCaveats(request.permissions[index] as Permission, request.expiry)))
    expect(isAddressEqual(delegation?.delegator ?? session.address, request.account)).toBe(true)
  }
}

async function revoke(player: ReturnType<typeof world.player>, { answer, request }: Awaited<ReturnType<typeof grantIn2024>>) {
  const revocations = erc7715From2024.encodeRevoke({ ...request, granted: answer.granted, handle: answer.handle })
  for (const { method, params } of revocations) await player.request(method, params)
  return revocations
}

const mints = (): Permission => ({ type: 'contract-call', address: world.sword, functions: [{ signature: 'mint(address to)' }], callLimit: 2, valueLimit: 0n })

describe('the kit’s own wallet, in the words of 2024', () => {
  test('says what it grants, and that it lists', async () => {
    const { abilities } = await grantIn2024(world.player(), [mints()])
    expect(abilities).toEqual({ types: new Set(['contract-call', 'erc20-token-allowance', 'native-token-allowance']), rules: undefined, list: true })
  })

  test('one permission: what is signed is what was asked; the chain holds it to that, and our revocation ends it', async () => {
    const player = world.player()
    const grant = await grantIn2024(player, [mints()])
    expectSigned(grant)
    const [context] = contextsOf(grant.answer) as [Hex]
    await world.redeem(grant.session, context, world.mint(player.account))
    expect(await world.swords(player.account)).toBe(1n)
    await expect(world.redeem(grant.session, context, world.pay(grant.session.address, '1'))).rejects.toThrow(/target-address-not-allowed/)

    expect(await revoke(player, grant)).toHaveLength(1)
    await expect(world.redeem(grant.session, context, world.mint(player.account))).rejects.toThrow('CannotUseADisabledDelegation')
    expect(await world.swords(player.account)).toBe(1n)
  })

  test('several: a context for each, in order, each with its own limits; all of them end', async () => {
    const player = world.player()
    await world.giveGold(player.account, '100')
    await world.chain.setBalance(player.account, parseEther('1'))
    const whole: Permission = { type: 'contract-call', address: world.sword, valueLimit: 0n }
    const pays: Permission = { type: 'erc20-token-allowance', token: world.gold, limit: gold('10') }
    const tips: Permission = { type: 'native-token-allowance', limit: 5n }
    const grant = await grantIn2024(player, [mints(), pays, tips, whole])
    expectSigned(grant)
    const [minting, paying, tipping, all] = contextsOf(grant.answer) as [Hex, Hex, Hex, Hex]
    expect(new Set(contextsOf(grant.answer)).size).toBe(4)

    await world.redeem(grant.session, minting, world.mint(player.account))
    await world.redeem(grant.session, paying, world.pay(grant.session.address, '10'))
    await expect(world.redeem(grant.session, paying, world.pay(grant.session.address, '1'))).rejects.toThrow(/allowance-exceeded/)
    const shop = newAccount().address
    await world.redeem(grant.session, tipping, { to: shop, value: 5n, data: '0x' })
    expect(await world.chain.client.getBalance({ address: shop })).toBe(5n)
    await expect(world.redeem(grant.session, tipping, { to: shop, value: 1n, data: '0x' })).rejects.toThrow(/allowance-exceeded/)

    expect(await revoke(player, grant)).toHaveLength(4)
    for (const context of [minting, all]) {
      await expect(world.redeem(grant.session, context, world.mint(player.account))).rejects.toThrow('CannotUseADisabledDelegation')
    }
    expect(await world.swords(player.account)).toBe(1n)
  })

  test('what is lost on the way is what the expression says: the start and the argument', async () => {
    const player = world.player()
    const startTime = (await world.now()) + day / 2
    const to = `0x${'00'.repeat(12)}${player.account.slice(2).toLowerCase()}` as Hex
    const asked = { ...mints(), functions: [{ signature: 'mint(address to)', args: [to] }], startTime } as Permission
    expect(erc7715From2024.express([asked], { list: true })).toEqual([
      { permission: mints(), losses: [expect.objectContaining({ field: 'startTime' }), expect.objectContaining({ field: 'functions[0].args' })] },
    ])

    const grant = await grantIn2024(player, [asked])
    expectSigned(grant)
    await world.redeem(grant.session, contextsOf(grant.answer)[0] as Hex, world.mint(grant.session.address))
    expect(await world.swords(grant.session.address)).toBe(1n)
  })

  test('its list, which is in the words of 2026, names what was granted', async () => {
    const player = world.player()
    const { answer, request, session } = await grantIn2024(player, [mints()])
    const { method, params } = erc7715From2024.list.encode()
    expect(erc7715From2024.list.decode(await player.request(method, params))).toEqual([
      { account: player.account, delegate: session.address, chainId: request.chainId, expiry: request.expiry, granted: answer.granted },
    ])
  })
})
