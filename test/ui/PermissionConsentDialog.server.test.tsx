// @vitest-environment node
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { contractCall } from '../../src/permissions/contractCall.js'
import { PermissionConsentView } from '../../src/ui/index.js'

test('renders where there is no browser', () => {
  expect(typeof window).toBe('undefined')
  const error = vi.spyOn(console, 'error')
  const html = renderToString(
    <PermissionConsentView
      request={{
        type: 'permissions',
        id: '1',
        origin: 'https://shop.example',
        account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
        delegate: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
        chain: { id: 1, name: 'Ethereum', nativeCurrency: { symbol: 'ETH', decimals: 18 } },
        metadata: {},
        permissions: [contractCall({ address: '0x5FbDB2315678afecb367f032d93F642f64180aa3', abi: [] })],
        expiry: 1_800_000_000,
        chainTime: 1_799_999_000,
        upgradesAccount: false,
        adjustable: false,
      }}
      timeZone="UTC"
      onApprove={() => {}}
      onReject={() => {}}
    />,
  )
  // Closed until a browser opens it: nothing flashes, nothing can be pressed.
  expect(html).toMatch(/^<dialog(?![^>]* open)/)
  expect(html).toContain('shop.example may do anything on')
  expect(error).not.toHaveBeenCalled()
})
