import { expect, test } from 'vitest'
import { framework } from '../../src/delegation/framework.js'
import { erc7715 } from '../../src/dialects/erc7715.js'
import { InvalidWalletResponseError } from '../../src/dialects/errors.js'

const account = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const delegate = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const sword = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const request = { chainId: 1, account, delegate, permissions: [], expiry: 1_900_000_000 } as const

test('an answer of more functions in all than a page can read without being held up is refused', () => {
  const row = {
    chainId: '0x1',
    from: account,
    to: delegate,
    context: '0x12',
    delegationManager: framework.DelegationManager,
    permission: { type: 'contract-call', isAdjustmentAllowed: false, data: { address: sword, calls: Array.from({ length: 100 }, (_, index) => `f${index}()`) } },
    rules: [{ type: 'expiry', data: { timestamp: request.expiry } }],
  }
  const rows = (count: number) => Array.from({ length: count }, () => row)
  expect(erc7715.decodeGrant(rows(5), request).granted).toHaveLength(5)
  expect(() => erc7715.decodeGrant(rows(6), request)).toThrow(InvalidWalletResponseError)
  expect(() => erc7715.decodeGrant(rows(6), request)).toThrow('names too many functions')
})
