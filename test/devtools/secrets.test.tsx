// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { bytesToHex, hexToBytes, type Hex } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { grantPermissions, observeSessionKeys, revokePermissions, type SessionKeyEvent } from '../../src/actions/index.js'
import { decodeContext } from '../../src/delegation/context.js'
import { expiresIn, type Session, type SessionKeyConfig } from '../../src/index.js'
import { mockSessionKey } from '../../src/testing/mockSession.js'
import { mockChain, mockWallet } from '../../src/testing/index.js'
import { now, shopping, spend } from '../../stories/sessionWorld.js'
import { contextForms, findForms, keyForms } from '../harness/secretForms.js'
import { showDevtools, tab } from './showDevtools.js'

vi.setConfig({ testTimeout: 60_000 })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const planted = generatePrivateKey()
const bytes = hexToBytes(planted)
const signature = bytesToHex(Uint8Array.from({ length: 65 }, (_, index) => (index * 37 + 11) % 256))
const written = [planted, planted.slice(2), planted.slice(2).toUpperCase(), Buffer.from(bytes).toString('base64'), Buffer.from(bytes).toString('base64url'), BigInt(planted).toString(), [...bytes].join()]
const everyForm = written.map((form) => `it says ${form}`).join('; ')

/** So short that only its name says what it is. */
const handle = '0xfeedfacefeedface'

/** A wallet that gives away what it should not, wherever an answer or an error has room for it. */
function leakyWallet() {
  const wallet = mockWallet({ dialect: 'erc7715-2024', context: 'delegations', chain: mockChain({ timestamp: now }) })
  const { request } = wallet.provider
  let leaks = false
  wallet.provider.request = async (call) => {
    const answer = await request(call)
    if (!leaks) return answer
    if (call.method === 'wallet_revokeExecutionPermission') throw Object.assign(new Error(`${everyForm}; no ${handle.slice(2)} here`), { code: -32603, data: { params: call.params, signature, bytes: [...bytes] } })
    return call.method.startsWith('wallet_grant') ? { ...(answer as object), note: everyForm, signature, deep: [{ privateKey: planted, raw: bytes, 1: { list: [...bytes] } }] } : answer
  }
  return { wallet, leak: () => (leaks = true) }
}

test('no key, signature or context is on the panel, in the log, or in what is told', async () => {
  const { wallet, leak } = leakyWallet()
  const stored = shopping({
    name: 'stored',
    status: 'quarantined',
    problem: everyForm,
    handle,
    answer: JSON.stringify({ everyForm }),
    losses: [{ path: 'permissions[0]', kind: 'widened', reason: `${everyForm} and ${handle}` }],
  })
  const { config, queryClient } = showDevtools({ wallet, sessions: [stored, shopping({ name: 'live', dialect: 'erc7715-2024', handle })] }, { initialIsOpen: true })
  const told: SessionKeyEvent[] = []
  const stop = observeSessionKeys(config, { onEvent: (event) => told.push(event) })
  await act(() => grantAndLeak(config, leak))
  stop()
  const failed = told.filter((event) => event.kind === 'wallet' && event.state === 'failed').map((event) => 'method' in event && event.method)
  expect(failed, 'what leaks was asked').toContain('wallet_revokeExecutionPermission')

  const sessions = await config.sessions.find()
  const places = await everythingShown()
  const found = (forms: Parameters<typeof findForms>[1]) => findForms({ ...places, told: [JSON.stringify(told)] }, forms)

  expect(found(keyForms(planted))).toEqual([])
  expect(found([{ name: 'signature', isIn: (text) => text.toLowerCase().includes(signature.slice(2)) || text.includes(Buffer.from(hexToBytes(signature)).toString('base64')) }])).toEqual([])
  expect(found([{ name: 'handle', isIn: (text) => text.toLowerCase().includes(handle.slice(2)) }])).toEqual([])
  for (const session of sessions) {
    const key = mockSessionKey(session)
    if (key) expect(found(keyForms(key))).toEqual([])
    for (const context of contextsOf(session)) expect(found(contextForms(context, signaturesOf(context)))).toEqual([])
  }
  expect(sessions.flatMap(contextsOf).length, 'there were contexts to be found').toBeGreaterThan(2)
  expect(JSON.stringify(queryClient.getQueryCache().getAll().map(({ queryKey }) => queryKey))).not.toContain(signature.slice(2))
})

test('the search finds what is there', async () => {
  document.body.append(everyForm)
  expect(findForms({ panel: shownTexts() }, keyForms(planted)).sort()).toEqual(['panel: base64', 'panel: decimal', 'panel: hex', 'panel: list of bytes'])
  document.body.textContent = ''
})

/** A grant that is good, one whose answer leaks, and an end that fails with everything in its error. */
async function grantAndLeak(config: SessionKeyConfig, leak: () => void) {
  const terms = { permissions: [spend], expiry: expiresIn({ days: 3 }) }
  await grantPermissions(config, { name: 'good', ...terms })
  leak()
  await grantPermissions(config, { name: 'leaky', ...terms }).catch(() => undefined)
  await revokePermissions(config, { session: 'live' }).catch(() => undefined)
}

/** Each tab, with all that can be opened, and what the button copies. */
async function everythingShown() {
  const user = userEvent.setup()
  const panel: string[] = []
  await user.selectOptions(screen.getByLabelText('Show'), 'All that are stored')
  await waitFor(() => expect(document.querySelectorAll('.rsk-devtools-item').length).toBe(4))
  for (const name of ['Sessions', 'Timeline', 'Wire', 'Check']) {
    await tab(name)
    for (const summary of document.querySelectorAll('summary')) if (!summary.closest('details')?.open) await user.click(summary)
    for (const details of document.querySelectorAll('details')) await waitFor(() => expect(details.querySelector('.rsk-devtools-details')).not.toBeNull())
    panel.push(...shownTexts())
  }
  await user.click(screen.getByRole('button', { name: 'Copy as JSON' }))
  const log = await navigator.clipboard.readText()
  expect(log).toContain('[left out: 65 bytes]')
  return { panel, log: [log] }
}

function shownTexts(): string[] {
  const values = [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value)
  return [document.documentElement.outerHTML, document.body.textContent ?? '', ...values]
}

function contextsOf({ granted }: Session): Hex[] {
  return granted.flatMap(({ context }) => context ?? [])
}

function signaturesOf(context: Hex): Hex[] {
  return decodeContext(context).map(({ signature: one }) => one)
}
