// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { parseAbi, parseUnits, type Address } from 'viem'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConsentTerms, PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { expiresIn } from '../../src/index.js'
import { ar } from '../../src/locales/ar/index.js'
import { es } from '../../src/locales/es/index.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { ExpiryPicker, MessagesProvider, PermissionConsentView, PermissionList, UsageMeter, type UiMessages } from '../../src/ui/index.js'
import { plain } from '../permissions/wordReaders.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const now = Date.UTC(2026, 10, 22, 17) / 1000

const shop: PermissionConsentRequest = {
  id: '1',
  type: 'permissions',
  origin: 'https://sword-shop.example',
  app: { name: 'Sword Shop' },
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  chain: { id: 8453, name: 'Base', nativeCurrency: { symbol: 'ETH', decimals: 18 } },
  metadata: { [sword.toLowerCase()]: { name: 'Sword' }, [gold.toLowerCase()]: { symbol: 'GOLD', decimals: 18 } },
  delegate: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
  permissions: [contractCall({ address: sword, abi: parseAbi(['function mint(address to)']), functions: ['mint'], callLimit: 50 }), erc20Allowance({ token: gold, limit: parseUnits('12500.5', 18) })],
  expiry: now + 3 * 86_400,
  chainTime: now,
  upgradesAccount: false,
  adjustable: true,
}

beforeEach(() => {
  vi.useFakeTimers()
  // Testing Library moves faked time on only where it finds this name.
  vi.stubGlobal('jest', { advanceTimersByTime: (ms: number) => vi.advanceTimersByTime(ms) })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
const user = () => userEvent.setup({ advanceTimers: vi.advanceTimersByTime.bind(vi) })

function ask(messages: UiMessages | undefined, given: { request?: PermissionConsentRequest; page?: 'ltr' | 'rtl' } = {}) {
  const approved: (ConsentTerms | undefined)[] = []
  const view = <PermissionConsentView request={given.request ?? shop} timeZone="Europe/Berlin" onApprove={(terms) => approved.push(terms)} onReject={() => {}} />
  render(<div dir={given.page}>{messages ? <MessagesProvider messages={messages}>{view}</MessagesProvider> : view}</div>)
  return approved
}
const description = (element: HTMLElement) => plain(document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent ?? '')

describe('the dialog in Arabic', () => {
  test('has its role, its name and its sentence', () => {
    ask(ar)
    const dialog = screen.getByRole('alertdialog', { name: (name) => plain(name) === 'هل تسمح لـ sword-shop.example بالتصرف نيابةً عنك؟' })
    expect(description(dialog)).toBe(
      'حتى الأربعاء، 25 نوفمبر، 06:00 م (خلال 3 أيام)، يجوز لـ Sword Shop استدعاء mint في Sword (50 مرة على الأكثر) وإنفاق ما لا يزيد على 12,500.5 GOLD.',
    )
    expect([dialog.lang, dialog.dir]).toEqual(['ar', 'rtl'])
    expect(screen.getByRole('button', { name: 'رفض' })).toBeDefined()
    expect(screen.getByRole('button', { name: 'سماح' })).toBeDefined()
  })

  test('keeps amounts and addresses in one piece, also for who only hears them', () => {
    ask(ar)
    expect(screen.getByRole('alertdialog').textContent).toContain('\u2068\u206812,500.5 GOLD\u2069\u2069')
    expect(screen.getAllByTitle(shop.account)[0]?.dir).toBe('ltr')
  })

  test('takes a lower limit in either digits, and says what was asked', async () => {
    const approved = ask(ar)
    await user().click(screen.getByRole('button', { name: 'السماح بأقل' }))
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: (name) => plain(name) === 'المقدار، بوحدة GOLD' })
    expect([field.value, description(field)]).toEqual(['12500.5', 'المطلوب: 12,500.5 GOLD'])
    fireEvent.change(field, { target: { value: '١٢٫٥' } })
    expect(within(screen.getAllByRole('listitem')[1] as HTMLElement).getByText((text) => plain(text) === 'المطلوب: 12,500.5 GOLD، وما تسمح به أنت: 12.5 GOLD')).toBeDefined()
    act(() => vi.advanceTimersByTime(500))
    await user().click(screen.getByRole('button', { name: 'سماح' }))
    expect(approved[0]?.permissions[1]).toMatchObject({ limit: parseUnits('12.5', 18) })
  })
})

describe('the dialog in Spanish', () => {
  test('has its role, its name and its sentence', () => {
    ask(es)
    const dialog = screen.getByRole('alertdialog', { name: '¿Permites que sword-shop.example actúe por ti?' })
    expect(description(dialog)).toBe('Hasta el mié, 25 nov, 18:00 (dentro de 3 días), Sword Shop puede llamar a mint en Sword (como máximo 50 veces) y gastar hasta 12.500,5 GOLD.')
    expect([dialog.lang, dialog.dir]).toEqual(['es', 'ltr'])
  })

  test('does not take a thousand for one', async () => {
    ask(es)
    await user().click(screen.getByRole('button', { name: 'Permitir menos' }))
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Cantidad, en GOLD' })
    expect(field.value).toBe('12500,5')
    fireEvent.change(field, { target: { value: '1.000' } })
    expect(description(field)).toBe('Escribe un número. Pedido: 12.500,5 GOLD')
    fireEvent.change(field, { target: { value: '1000,25' } })
    expect(screen.getByText('Pedido: 12.500,5 GOLD; tú permites: 1000,25 GOLD')).toBeDefined()
  })
})

test('an English dialog on a page from right to left keeps its own direction', () => {
  ask(undefined, { page: 'rtl' })
  const dialog = screen.getByRole('alertdialog')
  expect([dialog.lang, dialog.dir]).toEqual(['en-GB', 'ltr'])
})

test('a token named in Arabic moves nothing beside it in an English sentence', () => {
  ask(undefined, { request: { ...shop, metadata: { ...shop.metadata, [gold.toLowerCase()]: { symbol: 'ذهب', decimals: 18 } } } })
  expect(screen.getByRole('alertdialog').textContent).toContain('spend up to 12,500.5 \u2068ذهب\u2069')
})

test('what the wallet cannot keep is said in the language, by the term', () => {
  ask(es, { request: { ...shop, widened: [{ path: 'permissions[0].functions[0].args', reason: 'the wallet cannot hold arguments' }, { path: 'permissions[1].tomorrow', reason: 'something else' }] } })
  expect(screen.getByText(/solo puede conceder más/).textContent).toContain('la billetera no puede limitar los argumentos de una función; «something else»')
})

describe('MessagesProvider', () => {
  const mint = shop.permissions[0]!
  const shown: readonly (readonly [string, ReactElement])[] = [
    ['PermissionList', <PermissionList permissions={[mint]} metadata={shop.metadata} />],
    ['UsageMeter', <UsageMeter permission={mint} metadata={shop.metadata} usage={{ calls: { limit: 50, left: 7 } }} />],
    ['ExpiryPicker', <ExpiryPicker max={expiresIn({ days: 3 })} now={now} />],
  ]

  test.each(shown)('reaches %s, with language and direction, on a server too', (_, element) => {
    const html = renderToString(<MessagesProvider messages={ar}>{element}</MessagesProvider>)
    expect(html).toMatch(/^<\w+[^>]* lang="ar" dir="rtl"/)
    expect(plain(html).replace(/<[^>]+>|Sword|mint|0x\w{4}…\w{4}|UTC/g, '')).not.toMatch(/[A-Za-z]/)
  })

  test('gives way to what a component or a nearer provider is given', () => {
    render(
      <MessagesProvider messages={es}>
        <MessagesProvider messages={{ callsLeft: ({ left }) => `solo ${left}` }}>
          <UsageMeter permission={mint} usage={{ calls: { limit: 50, left: 7 } }} />
          <UsageMeter permission={mint} usage={{ calls: { limit: 50, left: 7 } }} messages={ar} />
        </MessagesProvider>
      </MessagesProvider>,
    )
    const meters = screen.getAllByRole('meter')
    expect(meters.map(({ lang, dir }) => `${lang} ${dir}`)).toEqual(['es ltr', 'ar rtl'])
    expect(plain(meters.map(({ textContent }) => textContent).join(' · '))).toBe('solo 7 · الاستدعاءات المتبقية: 7 من 50')
  })

  test('a language of the app’s own has its direction by its locale', () => {
    render(<UsageMeter permission={mint} usage={{ calls: { limit: 50, left: 7 } }} messages={{ locale: 'he', callsLeft: ({ left }) => `נותרו ${left}` }} />)
    expect(screen.getByRole('meter').dir).toBe('rtl')
  })
})
