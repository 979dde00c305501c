import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { useSessionKey, useSessionKeys, usePendingConsent } from '../../src/index.js'
import { createIndexedDbStore } from '../../src/sessions/indexedDbStore.js'
import { createTestWrapper, mockWallet } from '../../src/testing/index.js'

test('on a server the hooks render, touch no browser and say that they do not know yet', () => {
  expect(typeof window).toBe('undefined')
  const Providers = createTestWrapper({ wallet: mockWallet(), store: createIndexedDbStore() })
  function Page() {
    const { status } = useSessionKey()
    const { sessions } = useSessionKeys()
    const { request } = usePendingConsent()
    return <p>{`${status} ${sessions.length} ${request === undefined}`}</p>
  }
  const html = renderToString(
    <Providers>
      <Page />
    </Providers>,
  )
  expect(html).toBe('<p>hydrating 0 true</p>')
})
