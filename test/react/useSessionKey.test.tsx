// @vitest-environment happy-dom
import { act, renderHook, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { defineSession, erc20Allowance, expiresIn, useGrantPermissions, useSessionKey } from '../../src/index.js'
import { createTestWrapper, mockWallet } from '../../src/testing/index.js'

const spending = defineSession({
  name: 'spending',
  expiry: expiresIn({ hours: 1 }),
  permissions: [erc20Allowance({ token: '0x0000000000000000000000000000000000006011', limit: 10n })],
})

function renderSession() {
  const wrapper = createTestWrapper({ wallet: mockWallet() })
  const hook = renderHook(() => ({ grant: useGrantPermissions(), session: useSessionKey({ session: spending }) }), { wrapper })
  return { ...hook, config: wrapper.config }
}

test('it ends when the chain’s clock says so, whatever the device’s says', async () => {
  const { result, config } = renderSession()
  await act(() => result.current.grant.mutateAsync(spending))
  await waitFor(() => expect(result.current.session.status).toBe('active'))
  const { chainId, expiry } = result.current.session
  act(() => config.sessions.noteChainTime(chainId as number, (expiry as number) - 1))
  expect(result.current.session.status).toBe('active')
  act(() => config.sessions.noteChainTime(chainId as number, expiry as number))
  expect(result.current.session.status).toBe('expired')
})

test('another account has none of it, and going back finds it again', async () => {
  const { result, config } = renderSession()
  await act(() => result.current.grant.mutateAsync(spending))
  await waitFor(() => expect(result.current.session.status).toBe('active'))
  const before = config.wagmi.state.connections
  const others = new Map([...before].map(([uid, connection]) => [uid, { ...connection, accounts: ['0x00000000000000000000000000000000000000b0'] as const }]))
  act(() => config.wagmi.setState((state) => ({ ...state, connections: others })))
  await waitFor(() => expect(result.current.session).toMatchObject({ status: 'none', address: undefined }))
  act(() => config.wagmi.setState((state) => ({ ...state, connections: before })))
  expect(result.current.session.status).toBe('active')
})
