// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { grantPermissions } from 'react-session-keys/actions'
import { expiresIn, nativeAllowance } from 'react-session-keys'
import { createTestWrapper } from 'react-session-keys/testing'
import { appTests } from './appTests.js'

appTests()

test('here a dialog has no methods', () => {
  expect([HTMLDialogElement.prototype.showModal, HTMLDialogElement.prototype.close]).toEqual([undefined, undefined])
})

test('where jsdom shows its own crypto, without `subtle`, as Jest has it, keys are wrapped all the same', async () => {
  const { webcrypto } = await import('node:crypto')
  vi.stubGlobal('crypto', { getRandomValues: webcrypto.getRandomValues.bind(webcrypto), randomUUID: webcrypto.randomUUID.bind(webcrypto) })
  try {
    expect(crypto.subtle).toBeUndefined()
    const { config } = createTestWrapper()
    const { session } = await grantPermissions(config, { permissions: [nativeAllowance({ limit: 1n })], expiry: expiresIn({ days: 1 }) })
    const signer = await config.sessions.signer(session)
    expect(await signer.signTypedData({ domain: {}, types: { Hello: [] }, primaryType: 'Hello', message: {} })).toMatch(/^0x/)
  } finally {
    vi.unstubAllGlobals()
  }
})
