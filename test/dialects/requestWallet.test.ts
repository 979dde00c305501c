import { expect, test } from 'vitest'
import { requestWallet, type RequestWalletOptions } from '../../src/dialects/requestWallet.js'

const busyWords = 'Cannot process requests while a wallet_requestExecutionPermissions request is in process'
const rpcError = (code: number | undefined, message: string) => Object.assign(new Error(message), code === undefined ? {} : { code })

/** A wallet that fails twice and then answers. */
async function tried(error: Error, busyBy: RequestWalletOptions['busyBy']) {
  let tries = 0
  const request = async () => {
    tries += 1
    if (tries <= 2) throw error
    return 'done'
  }
  const answer = await requestWallet({ request }, { method: 'wallet_x', params: [] }, { retryDelaysMs: [1, 1], busyBy }).catch((thrown: unknown) => thrown)
  return { tries, answer }
}

test.each<[string, Error]>([
  ['the code alone', rpcError(-32002, 'no')],
  ['the code in a cause', new Error('the connector failed', { cause: rpcError(-32002, 'no') })],
])('%s: asked again', async (_, error) => {
  for (const busyBy of ['code', 'known'] as const) expect(await tried(error, busyBy)).toEqual({ tries: 3, answer: 'done' })
})

test('MetaMask’s own message: a grant is asked for again, nothing else is', async () => {
  const error = rpcError(-32603, busyWords)
  expect(await tried(error, 'known')).toEqual({ tries: 3, answer: 'done' })
  expect(await tried(error, undefined)).toEqual({ tries: 1, answer: error })
})

test.each<[string, Error]>([
  ['already pending', rpcError(-32000, 'replacement transaction underpriced: already pending')],
  ['already processing, without a code', rpcError(undefined, 'Already processing eth_requestAccounts')],
  ['the known message with more to it', rpcError(-32603, `${busyWords}. The calls were taken.`)],
  ['the known message beside another code', rpcError(-32003, busyWords)],
])('%s: nothing is sent twice', async (_, error) => {
  for (const busyBy of ['code', 'known'] as const) expect(await tried(error, busyBy)).toEqual({ tries: 1, answer: error })
})
