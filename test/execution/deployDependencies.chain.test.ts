import { concatHex, createClient, custom, getContractAddress, parseEther, type Address, type Hex } from 'viem'
import { getCode } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AccountNotDeployedError, deployDependencies } from '../../src/execution/deployDependencies.js'
import { startLocalChain, type LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { newAccount } from '../startShop.js'

/** anvil's own deployment proxy stands for a wallet's factory: it deploys whatever it is given. */
const factory: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
/** Returns one byte of code, STOP. */
const initCode: Hex = '0x6001600c60003960016000f300'

let chain: LocalChain
const payer = newAccount()
beforeAll(async () => {
  chain = await startLocalChain()
  await chain.setBalance(payer.address, parseEther('1'))
})
afterAll(() => chain.stop())

function undeployed(salt: Hex) {
  const account = getContractAddress({ opcode: 'CREATE2', from: factory, salt, bytecode: initCode })
  return { client: chain.client as never, account, dependencies: [{ factory, factoryData: concatHex([salt, initCode]) }], allowedFactories: [] as Address[], payer }
}
const salt = (byte: string): Hex => `0x${byte.repeat(32)}`
const isThere = async (address: Address) => ((await getCode(chain.client, { address })) ?? '0x') !== '0x'

test('a factory that the app did not allow is not called', async () => {
  const wanted = undeployed(salt('01'))
  await expect(deployDependencies(wanted)).rejects.toThrow(AccountNotDeployedError)
  expect(await isThere(wanted.account)).toBe(false)
  expect(await chain.client.getTransactionCount({ address: payer.address })).toBe(0)
})

test('an allowed one deploys the account, once', async () => {
  const wanted = { ...undeployed(salt('02')), allowedFactories: [factory.toLowerCase() as Address] }
  await deployDependencies(wanted)
  expect(await isThere(wanted.account)).toBe(true)
  const sent = await chain.client.getTransactionCount({ address: payer.address })
  await deployDependencies(wanted)
  expect(await chain.client.getTransactionCount({ address: payer.address })).toBe(sent)
})

test('where nobody can pay for it, it says so', async () => {
  const wanted = { ...undeployed(salt('03')), allowedFactories: [factory], payer: undefined }
  await expect(deployDependencies(wanted)).rejects.toThrow(/only the direct lane can pay/)
})

test('an account that is there needs none of it', async () => {
  await deployDependencies({ ...undeployed(salt('04')), account: factory })
})

const sentBy = () => chain.client.getTransactionCount({ address: payer.address })
const allowed = { allowedFactories: [factory] }
const stranger: Address = '0x00000000000000000000000000000000DeaDBeef'

test('nothing is paid for where any of them is not allowed, wherever it stands', async () => {
  const wanted = { ...undeployed(salt('05')), ...allowed }
  const before = await sentBy()
  await expect(deployDependencies({ ...wanted, dependencies: [...wanted.dependencies, { factory: stranger, factoryData: '0x' }] })).rejects.toThrow(/not in allowedFactories/)
  expect([await sentBy(), await isThere(wanted.account)]).toEqual([before, false])
})

test('nor where there are more than ten; the same one again, as every permission names it, is one', async () => {
  const wanted = { ...undeployed(salt('06')), ...allowed }
  const before = await sentBy()
  const others = Array.from({ length: 11 }, (_, index) => ({ factory, factoryData: concatHex([salt(`a${index.toString(16)}`), initCode]) }))
  await expect(deployDependencies({ ...wanted, dependencies: others })).rejects.toThrow(/names 11 dependencies/)
  expect(await sentBy()).toBe(before)
  await deployDependencies({ ...wanted, dependencies: Array.from({ length: 20 }, () => wanted.dependencies).flat() })
  expect([await sentBy(), await isThere(wanted.account)]).toEqual([before + 1, true])
})

test('it stops as soon as the account is there', async () => {
  const wanted = { ...undeployed(salt('07')), ...allowed }
  const before = await sentBy()
  await deployDependencies({ ...wanted, dependencies: [...wanted.dependencies, ...undeployed(salt('08')).dependencies] })
  expect(await sentBy()).toBe(before + 1)
  expect(await isThere(undeployed(salt('08')).account)).toBe(false)
})

test.each<[string, Hex, RegExp]>([
  ['reverts', concatHex([salt('0a'), '0xfe']), /reverted/],
  ['deploys something else', concatHex([salt('0b'), initCode]), /still not there/],
])('a factory that %s: the account is not taken for deployed', async (_, factoryData, reason) => {
  const wanted = { ...undeployed(salt('09')), ...allowed, client: withGas(), dependencies: [{ factory, factoryData }] }
  await expect(deployDependencies(wanted)).rejects.toThrow(reason)
  expect(await isThere(wanted.account)).toBe(false)
})

/** A client that estimates no gas: a call that fails is sent all the same. */
function withGas() {
  const transport = custom({ request: async ({ method, params }) => (method === 'eth_estimateGas' ? '0xf4240' : chain.client.request({ method, params } as never)) })
  return createClient({ chain: chain.chain, transport, pollingInterval: 20 })
}
