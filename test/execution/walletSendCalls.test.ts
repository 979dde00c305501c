import type { Client } from 'viem'
import { expect, test } from 'vitest'
import { walletCallsExecutor } from '../../src/execution/walletCallsExecutor.js'
import { newAccount } from '../wallet/walletWorld.js'

const account = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const signer = newAccount()
const grant = { chainId: 1, account, delegate: signer.address, granted: [], handle: '0x12' } as const
const client = { pollingInterval: 1 } as Client

type Sent = { id?: string }

/** What is sent to a wallet that makes calls only by ERC-5792, and answers so. */
async function sentTo(answer: (calls: Sent, tries: number) => unknown) {
  const sent: Sent[] = []
  const provider = {
    async request({ method, params }: { method: string; params?: unknown }) {
      if (method !== 'wallet_sendCalls') throw Object.assign(new Error('no'), { code: 4200 })
      const [calls] = params as [Sent]
      sent.push(calls)
      return answer(calls, sent.length)
    },
  }
  const calls = [{ to: account, value: 0n, data: '0x' }] as const
  const error = await walletCallsExecutor({ timeoutMs: 1 })({ chainId: 1, client, provider, grant, signer, calls }).catch((thrown: unknown) => thrown)
  return { sent, error }
}
const fail = (code: number, message = 'no') => {
  throw Object.assign(new Error(message), { code })
}

test('calls that a wallet took are not sent again because its error speaks of something pending', async () => {
  const { sent, error } = await sentTo(() => fail(-32000, 'replacement transaction underpriced: already pending'))
  expect(sent).toHaveLength(1)
  expect(error).toMatchObject({ name: 'WalletCallsOutcomeUnknownError', id: sent[0]?.id })
})

test('a wallet that is busy by its code is sent them again under the same name; one that has that name has them', async () => {
  const { sent, error } = await sentTo((_, tries) => fail(tries === 1 ? -32002 : 5720))
  expect(sent).toHaveLength(2)
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1)
  // It has them; what became of them it does not say.
  expect(error).toMatchObject({ name: 'WalletCallsOutcomeUnknownError', id: sent[0]?.id, message: expect.stringContaining('wallet_getCallsStatus') })
})

test('calls that carry no name, because the wallet refuses names, are sent once', async () => {
  const { sent, error } = await sentTo(({ id }) => fail(id === undefined ? -32002 : -32602))
  expect(sent.map(({ id }) => id)).toEqual([expect.any(String), undefined])
  expect(error).toMatchObject({ name: 'WalletBusyError' })
})
