import { EstimateGasExecutionError, HttpRequestError, InsufficientFundsError, TransactionExecutionError, UserRejectedRequestError, WaitForTransactionReceiptTimeoutError, type BaseError } from 'viem'
import { expect, test } from 'vitest'
import { actionOutcome } from '../../src/actions/actionOutcome.js'
import { SessionOutdatedError } from '../../src/actions/errors.js'
import { AlreadyRedeemedError, SessionCallRevertedError, SpendLimitExceededError } from '../../src/execution/errors.js'
import { RelayOutcomeUnknownError, RelayRejectedError, RelayUnknownTransactionError } from '../../src/execution/relayErrors.js'
import { WalletCallsPartialError } from '../../src/execution/walletCallsErrors.js'

const hash = `0x${'ab'.repeat(32)}` as const
const open = { leafHash: hash, deadline: 1 }
const unanswered = new HttpRequestError({ url: 'https://node.example' })
const sending = (cause: BaseError) => new TransactionExecutionError(cause, { account: null })

test.each<[string, Error, object | undefined]>([
  ['our check', new SpendLimitExceededError({ message: '', help: '' }), { status: 'refused', by: 'check', error: 'SpendLimitExceededError' }],
  ['a definition that changed', new SessionOutdatedError({ name: 'shopping', cause: new Error() }), { status: 'refused', by: 'check', error: 'SessionOutdatedError' }],
  ['a contract', new SessionCallRevertedError({}), { status: 'failed', error: 'SessionCallRevertedError' }],
  ['a contract, with its transaction', new SessionCallRevertedError({ cause: Object.assign(new Error(), { transactionHash: hash }) }), { status: 'failed', transactionHash: hash }],
  ['a relay that refuses', new RelayRejectedError({ code: 4200, reason: '' }), { status: 'failed' }],
  ['a relay that says nothing', new RelayOutcomeUnknownError(open), { status: 'unknown', error: 'RelayOutcomeUnknownError' }],
  ['a relay that names another', new RelayUnknownTransactionError({ ...open, transactionHash: hash, problem: '' }), { status: 'unknown', transactionHash: hash }],
  ['a wallet that did a part', new WalletCallsPartialError({ id: '1', transactionHashes: [] }), { status: 'unknown' }],
  ['a call that happened, somewhere', new AlreadyRedeemedError({ leafHash: hash }), { status: 'done' }],
  ['a receipt that did not come', new WaitForTransactionReceiptTimeoutError({ hash }), { status: 'unknown' }],
  ['a node that did not answer when it was sent', sending(unanswered), { status: 'unknown' }],
  ['a node that did not answer before', sending(new EstimateGasExecutionError(unanswered, { account: null as never })), { status: 'failed' }],
  ['a key that cannot pay', sending(new InsufficientFundsError()), { status: 'failed', error: 'TransactionExecutionError' }],
  ['an error of nobody', new Error('?'), { status: 'unknown', error: 'Error' }],
  ['the user’s own no', new UserRejectedRequestError(new Error()), undefined],
])('%s', (_, error, outcome) => {
  const found = actionOutcome({ error, handedOver: true })
  if (outcome) expect(found).toMatchObject(outcome)
  else expect(found).toBeUndefined()
})

test('before anything was handed over, nothing can have happened', () => {
  expect(actionOutcome({ error: unanswered, handedOver: false })).toMatchObject({ status: 'failed', error: 'HttpRequestError' })
})
