import { encodeFunctionData, HttpRequestError, padHex, TransactionExecutionError } from 'viem'
import { privateKeyToAccount, generatePrivateKey } from 'viem/accounts'
import { expect, test } from 'vitest'
import { delegationManagerAbi } from '../../src/delegation/abis.js'
import { decodeContext } from '../../src/delegation/context.js'
import { redactContexts } from '../../src/execution/redactError.js'
import { mockSession } from '../../src/testing/mockSession.js'

test('viem repeats the request; what is struck is the permission, in every cause, and nothing else', () => {
  const { granted } = mockSession()
  const context = granted[0]!.context!
  const data = encodeFunctionData({ abi: delegationManagerAbi, functionName: 'redeemDelegations', args: [[context], [padHex('0x', { size: 32 })], ['0x']] })
  const body = { method: 'eth_sendTransaction', params: [{ data }] }
  const node = new HttpRequestError({ body, url: 'http://node.example', details: 'no answer' })
  const error = new TransactionExecutionError(node, { account: privateKeyToAccount(generatePrivateKey()), data, docsPath: '' } as never)
  const logged = () => [node, error].map((one) => [String(one), one.stack, JSON.stringify(one)].join('\n')).join('\n')
  expect(logged(), 'it is there').toContain(context.slice(2))

  expect(redactContexts(error, granted)).toBe(error)
  expect(logged()).not.toContain(context.slice(2))
  expect(logged()).not.toContain(decodeContext(context)[0]!.signature.slice(2))
  expect(logged()).toContain('eth_sendTransaction')
  expect(error.cause).toBe(node)
  expect(node).toBeInstanceOf(HttpRequestError)
  expect(node.body).toMatchObject({ method: 'eth_sendTransaction' })
  expect(body.params[0]!.data, 'what was sent is as it was').toBe(data)
})

test('a context that cannot be read is struck as it is', () => {
  const error = new Error('failed with 0xdeadbeefdeadbeef')
  redactContexts(error, [{ ...mockSession().granted[0]!, context: '0xdeadbeefdeadbeef' } as never])
  expect(error.message).toBe('failed with 0x…')
})
