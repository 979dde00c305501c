import type { LocalAccount } from 'viem'
import { expect, test } from 'vitest'
import { TransactionOutcomeUnknownError } from '../../src/execution/errors.js'
import type { KeySending } from '../../src/execution/redeemAlone.js'
import { redeemJoined } from '../../src/execution/redeemJoined.js'

// A real node says within half a minute what became of a transaction, so this one is played.
test('what may still happen is not sent again: each is told that it is not known', async () => {
  const unknown = new TransactionOutcomeUnknownError({ transactionHash: `0x${'11'.repeat(32)}` })
  let included = 0
  const sending = {
    fees: { current: async () => ({ type: 'legacy', gasPrice: 1n }) },
    transactions: { include: async () => ((included += 1), Promise.reject(unknown)) },
  } as unknown as KeySending
  const outcomes: unknown[] = []
  const redemption = { chainId: 1, signer: {} as LocalAccount, redemptions: [], checked: true }
  const send = { redemption, gas: 1n, resolve: () => outcomes.push('happened'), reject: (error: Error) => outcomes.push(error) }
  await redeemJoined(sending, [send, send, send], 3n)
  expect(outcomes).toEqual([unknown, unknown, unknown])
  expect(included).toBe(1)
})
