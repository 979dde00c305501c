import { UserRejectedRequestError } from 'viem'
import { describe, expect, test } from 'vitest'
import { isUserRejection, walletError, walletErrorKind, wasTurnedAway } from '../../src/dialects/walletErrors.js'

const rpcError = (code: number | undefined, message: string) => Object.assign(new Error(message), code === undefined ? {} : { code })
const busyWords = 'Cannot process requests while a wallet_requestExecutionPermissions request is in process'

describe('words count beside the codes that they are known with', () => {
  test.each([
    ['MetaMask while it grants', -32603, busyWords, 'busy'],
    ['MetaMask, a chain', -32603, 'Unrecognized chain ID "0x7a69".', 'chain-mismatch'],
    ['MetaMask, a method', -32603, 'no middleware configured', 'unsupported'],
    ['MetaMask, a permission', -32000, 'Unsupported permission type: contract-call', 'refused'],
    ['Openfort', -32003, 'Failed to request permissions - missing session address', 'refused'],
    ['Openfort, anything else', -32003, 'already pending', 'backend'],
  ])('%s', (_, code, message, kind) => {
    expect(walletErrorKind(rpcError(code, message))).toBe(kind)
    expect(walletErrorKind(new Error('the connector failed', { cause: rpcError(code, message) }))).toBe(kind)
  })
})

describe('the same words by themselves, or beside another code, mean nothing', () => {
  const said = [busyWords, 'already pending', 'replacement transaction underpriced: already pending', 'chain mismatch', 'Method not supported', 'missing session address', 'Unsupported permission type: x', 'User rejected the request.']
  test.each(said.flatMap((message) => [undefined, -1, 3].map((code) => [message, code] as const)))('%s, %s', (message, code) => {
    const error = rpcError(code, message)
    expect([walletErrorKind(error), wasTurnedAway(error)]).toEqual(['unknown', false])
  })

  test.each([
    [-32000, 'replacement transaction underpriced: already pending'],
    [-32603, `${busyWords}, or so`],
    [-32603, 'missing session address'],
    [-32000, 'User denied transaction signature'],
  ])('%d %s', (code, message) => {
    expect(walletErrorKind(rpcError(code, message))).toBe('unknown')
  })

  test('a code of one error does not lend itself to the words of another', () => {
    expect(walletErrorKind(new Error('method not supported', { cause: rpcError(-32603, 'it broke') }))).toBe('unknown')
  })
})

describe('a no of the user', () => {
  test.each<[string, unknown]>([
    ['EIP-1193', { code: 4001, message: 'User rejected the request.' }],
    ['wrapped by a connector', new Error('it failed', { cause: { code: 4001 } })],
  ])('%s: theirs, to this very request', (_, error) => {
    expect([walletErrorKind(error), isUserRejection(error)]).toEqual(['rejected', true])
  })

  test.each<[string, unknown]>([
    ['WalletConnect', { code: 5000, message: 'User rejected.' }],
    ['in the data', { code: -32603, message: 'Internal JSON-RPC error.', data: { code: 4001 } }],
    ['ethers', { code: 'ACTION_REJECTED', message: 'user rejected action' }],
    ['to an upgrade of the account', { code: 5750, message: 'no upgrade' }],
  ])('%s: told as one, and no reason to delete a key', (_, error) => {
    expect([walletErrorKind(error), isUserRejection(error)]).toEqual(['rejected', false])
    expect(walletError(error, { method: 'wallet_x', chainId: 1 })).toBeInstanceOf(UserRejectedRequestError)
  })
})
