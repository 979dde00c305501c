// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode, useSyncExternalStore } from 'react'
import { erc20Abi, parseAbi, parseUnits, type Address } from 'viem'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createConsentQueue, type ConsentQueue } from '../../src/consent/consentQueue.js'
import type { CallsConsentRequest, ConsentRequest, PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { PermissionConsentView } from '../../src/ui/permission-consent/PermissionConsentView.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const abi = parseAbi(['function mint(address to)'])
const now = Date.UTC(2026, 10, 22, 17) / 1000

const common = {
  id: '1',
  origin: 'https://sword-shop.example',
  app: { name: 'Sword Shop' },
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  chain: { id: 8453, name: 'Base', nativeCurrency: { symbol: 'ETH', decimals: 18 } },
  metadata: {
    [sword.toLowerCase()]: { name: 'Sword' },
    [gold.toLowerCase()]: { symbol: 'GOLD', decimals: 18 },
  },
} as const

const swordShop: PermissionConsentRequest = {
  ...common,
  type: 'permissions',
  delegate: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
  permissions: [
    contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 }),
    erc20Allowance({ token: gold, limit: parseUnits('1000', 18) }),
  ],
  expiry: now + 3 * 86_400,
  chainTime: now,
  upgradesAccount: false,
  adjustable: false,
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
  document.body.replaceChildren()
})

const user = () => userEvent.setup({ advanceTimers: vi.advanceTimersByTime.bind(vi) })
const rejectButton = () => screen.getByRole('button', { name: 'Reject' })
const allowButton = () => screen.getByRole('button', { name: 'Allow' })
const waitUntilArmed = () => act(() => vi.advanceTimersByTime(500))

function ask(request: ConsentRequest = swordShop) {
  const answers: string[] = []
  const view = (shown: ConsentRequest) => (
    <StrictMode>
      <PermissionConsentView
        request={shown}
        timeZone="Europe/Berlin"
        onApprove={() => answers.push(`${shown.id} approved`)}
        onReject={(reason) => answers.push(`${shown.id} ${reason}`)}
      />
    </StrictMode>
  )
  const { rerender, unmount } = render(view(request))
  return { answers, ask: (next: ConsentRequest) => rerender(view(next)), unmount }
}

describe('what a screen reader hears', () => {
  test('who asks, and the whole session in one sentence', () => {
    ask()
    const dialog = screen.getByRole('alertdialog', { name: 'Let sword-shop.example act for you?' })
    expect(accessibleDescription(dialog)).toBe(
      'Sword Shop may mint on Sword (at most 50 times) and spend up to 1000 GOLD until Wed 25 Nov, 18:00 (in 3 days).',
    )
    expect(dialog.hasAttribute('open')).toBe(true)
  })

  test('every permission as an item of one list', () => {
    ask()
    const items = within(screen.getByRole('list', { name: 'What it may do' })).getAllByRole('listitem')
    expect(items.map((item) => item.textContent)).toEqual([
      'mint on Sword, at most 50 timesContractSword 0x5FbD…0aa3',
      'spend up to 1000 GOLD in totalTokenGOLD 0xe7f1…0512Toanyone',
    ])
  })
})

describe('what is shown', () => {
  test('the origin as a fact, the name as what the app calls itself', () => {
    ask()
    expect(screen.getByText('sword-shop.example')).toBeDefined()
    expect(screen.getByText('The app calls itself “Sword Shop”')).toBeDefined()
  })

  test('the end in local time, the account, the network, how to end it', () => {
    ask()
    expect(screen.getByText('Wed 25 Nov, 18:00 CET (in 3 days)')).toBeDefined()
    expect(screen.getAllByTitle(common.account)[0]?.textContent).toBe('0x7099…79C8')
    expect(screen.getByText('Base')).toBeDefined()
    expect(screen.getByText(/You can end it at any time/)).toBeDefined()
    expect(screen.queryByText(/becomes a smart account/)).toBeNull()
  })

  test('that the account is upgraded, and the reason in the words of the app', () => {
    ask({ ...swordShop, upgradesAccount: true, justification: 'No more\n\u202Epop-ups' })
    expect(screen.getByText(/becomes a smart account/)).toBeDefined()
    expect(screen.getByRole('figure').textContent).toBe('The app says“No more pop-ups”')
  })

  test('every function by name, also where the sentence only counts them', () => {
    const many = parseAbi(['function a()', 'function b()', 'function c()', 'function d()', 'function e()'])
    ask({ ...swordShop, permissions: [contractCall({ address: sword, abi: many, functions: ['a', 'b', 'c', 'd', 'e'], callLimit: 9 })] })
    const item = screen.getByRole('listitem')
    expect(item.textContent).toContain('a, b, c or 2 other functions on Sword, at most 9 times')
    expect(within(item).getAllByRole('definition').map(({ textContent }) => textContent)).toEqual(['Sword 0x5FbD…0aa3', 'a', 'b', 'c', 'd', 'e'])
  })

  test('a warning for a whole contract, and one for an approval', () => {
    ask({
      ...swordShop,
      permissions: [
        contractCall({ address: sword, abi }),
        contractCall({ address: gold, abi: erc20Abi, functions: [{ name: 'approve', args: [shop, 5n * 10n ** 18n] }], callLimit: 1 }),
      ],
    })
    const [whole, approve] = screen.getAllByRole('listitem')
    expect(whole?.textContent).toContain('anything on Sword, no limit')
    expect(whole?.textContent).toContain('Warning: Every function of Sword is allowed')
    expect(approve?.textContent).toContain('approve 0x3C44…93BC to spend exactly 5 GOLD, at most once')
    expect(approve?.textContent).toContain('Warning: An approval outlives the session: it must be taken back separately.')
  })

  test('that limits on one token add up', () => {
    ask({ ...swordShop, permissions: [erc20Allowance({ token: gold, limit: 1n }), erc20Allowance({ token: gold, limit: 2n, payee: shop })] })
    for (const item of screen.getAllByRole('listitem')) expect(item.textContent).toContain('Another permission here spends GOLD too: the amounts add up.')
  })

  test('the exact forms in the details', () => {
    ask()
    const details = screen.getByText('Technical details').closest('details')
    expect(details?.textContent).toContain('mint(address to) · 0x6a627842')
    expect(details?.textContent).toContain(swordShop.delegate)
    expect(details?.textContent).toContain('1,000,000,000,000,000,000,000 in the smallest unit')
  })

  test('a site that is not encrypted, with its scheme and a warning', () => {
    ask({ ...swordShop, origin: 'http://sword-shop.example' })
    expect(screen.getByRole('alertdialog', { name: 'Let http://sword-shop.example act for you?' }).textContent).toContain('This site is not encrypted')
  })

  test('an icon only from where an image may come', () => {
    ask({ ...swordShop, app: { name: 'Sword Shop', icon: 'javascript:alert(1)' } })
    expect(document.querySelector('img')).toBeNull()
  })

  test('calls of the account itself, with a warning', () => {
    const calls: CallsConsentRequest = {
      ...common,
      type: 'calls',
      upgradesAccount: true,
      calls: [
        { to: shop, value: 5n * 10n ** 16n, data: '0x' },
        { to: sword, value: 0n, data: '0x6a627842' },
      ],
    }
    const { answers } = ask(calls)
    const dialog = screen.getByRole('alertdialog', { name: 'Let sword-shop.example use your account for 2 calls?' })
    expect(accessibleDescription(dialog)).toBe('Sword Shop wants your account itself to make 2 calls on Base, once, now.')
    expect(dialog.textContent).toContain('This is your account itself acting.')
    expect(dialog.textContent).toContain('Your account becomes a smart account.')
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      '1send 0.05 ETH to 0x3C44…93BCTo0x3C44…93BCCarries0.05 ETHFunctionnone',
      '2call 0x6a627842 on SwordToSword 0x5FbD…0aa3CarriesnothingFunction0x6a627842',
    ])
    waitUntilArmed()
    fireEvent.click(allowButton())
    expect(answers).toEqual(['1 approved'])
  })
})

describe('the keyboard', () => {
  test('rejecting comes first and has the focus; Enter rejects', async () => {
    const { answers } = ask()
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Reject', 'Allow'])
    expect(document.activeElement).toBe(rejectButton())
    waitUntilArmed()
    await user().keyboard('{Enter}')
    expect(answers).toEqual(['1 reject-press'])
  })

  test('Enter allows only on Allow', async () => {
    const { answers } = ask()
    waitUntilArmed()
    fireEvent.keyDown(screen.getByRole('alertdialog'), { key: 'Enter' })
    fireEvent.keyDown(document.body, { key: 'Enter' })
    expect(answers).toEqual([])
    await user().tab()
    expect(document.activeElement).toBe(allowButton())
    await user().keyboard('{Enter}')
    expect(answers).toEqual(['1 approved'])
  })

  test('Escape rejects, and says that it was Escape', async () => {
    const { answers } = ask()
    await user().keyboard('{Escape}')
    expect(answers).toEqual(['1 escape-key'])
  })

  test('so does the cancel event of the browser, once', () => {
    const { answers } = ask()
    const dialog = screen.getByRole('alertdialog')
    const cancel = new Event('cancel', { cancelable: true })
    act(() => void dialog.dispatchEvent(cancel))
    fireEvent.keyDown(dialog, { key: 'Escape' })
    expect(cancel.defaultPrevented).toBe(true)
    expect(answers).toEqual(['1 escape-key'])
  })

  test('a dialog that the browser closes rejects', () => {
    const { answers } = ask()
    act(() => screen.getByRole<HTMLDialogElement>('alertdialog').close())
    expect(answers).toEqual(['1 closed'])
  })

  test('the focus goes back to where it was', () => {
    const opener = document.createElement('button')
    document.body.append(opener)
    opener.focus()
    const { unmount, answers } = ask()
    expect(document.activeElement).toBe(rejectButton())
    unmount()
    expect(document.activeElement).toBe(opener)
    expect(answers).toEqual([])
  })
})

describe('a click that was not meant', () => {
  test('Allow does nothing until it has been visible for a moment, and says so', () => {
    const { answers } = ask()
    act(() => vi.advanceTimersByTime(499))
    allowButton().focus()
    fireEvent.click(allowButton())
    expect(allowButton().getAttribute('aria-disabled')).toBe('true')
    expect(answers).toEqual([])

    act(() => vi.advanceTimersByTime(1))
    expect(allowButton().hasAttribute('aria-disabled')).toBe(false)
    expect(document.activeElement).toBe(allowButton())
    fireEvent.click(allowButton())
    expect(answers).toEqual(['1 approved'])
  })

  test('a double click answers once', async () => {
    const { answers } = ask()
    waitUntilArmed()
    await user().dblClick(allowButton())
    expect(answers).toEqual(['1 approved'])
  })

  test('the second half of a double click does not allow the next request', async () => {
    const { answers, ask: askNext } = ask()
    waitUntilArmed()
    fireEvent.click(allowButton())
    askNext({ ...swordShop, id: '2' })
    fireEvent.click(allowButton())
    expect(answers).toEqual(['1 approved'])
    expect(document.activeElement).toBe(rejectButton())

    waitUntilArmed()
    fireEvent.click(allowButton())
    expect(answers).toEqual(['1 approved', '2 approved'])
  })

  test('a request that changes under the pointer has to be looked at again', () => {
    const { answers, ask: askAgain } = ask()
    waitUntilArmed()
    askAgain({ ...swordShop, permissions: [contractCall({ address: sword, abi })] })
    fireEvent.click(allowButton())
    expect(answers).toEqual([])
  })

  test('so has one whose window was in the background', () => {
    const { answers } = ask()
    waitUntilArmed()
    act(() => void window.dispatchEvent(new Event('focus')))
    fireEvent.click(allowButton())
    expect(answers).toEqual([])
    waitUntilArmed()
    fireEvent.click(allowButton())
    expect(answers).toEqual(['1 approved'])
  })

  test('a click beside the dialog does nothing', () => {
    const { answers } = ask()
    fireEvent.click(screen.getByRole('alertdialog'))
    fireEvent.click(document.body)
    expect(answers).toEqual([])
  })
})

test.each([
  ['https://basescan.org', `https://basescan.org/address/${sword}`],
  ['https://explorer.example/base/?a=1', `https://explorer.example/base/address/${sword}?a=1`],
  ['http://127.0.0.1:4000', `http://127.0.0.1:4000/address/${sword}`],
])('contracts link to the chain’s explorer, %s', (explorer, href) => {
  ask({ ...swordShop, chain: { ...common.chain, explorer } })
  const [row] = within(screen.getByRole('list', { name: 'What it may do' })).getAllByRole('link', { name: '0x5FbD…0aa3' })
  expect(row).toHaveAttribute('href', href)
  expect(row).toHaveAttribute('rel', 'noopener noreferrer')
  expect(row).toHaveAttribute('target', '_blank')
})

test.each(['javascript:alert(1)//', 'data:text/html,x', 'http://explorer.example', 'not an address', '', undefined])('nothing but a web page is linked to: %s', (explorer) => {
  ask({ ...swordShop, chain: { ...common.chain, explorer } })
  expect(screen.queryByRole('link')).toBeNull()
  expect(screen.getAllByText('0x5FbD…0aa3').length).toBeGreaterThan(0)
})

test('two wallets ask at once: one dialog after the other, each with its own answer', async () => {
  const queue = createConsentQueue()
  const unmountView = queue.mount()
  render(
    <StrictMode>
      <QueueView queue={queue} />
    </StrictMode>,
  )
  let decisions!: Promise<unknown[]>
  act(() => {
    decisions = Promise.all([queue.ask(swordShop), queue.ask({ ...swordShop, id: '2', origin: 'https://other.example' })])
  })
  waitUntilArmed()
  fireEvent.click(allowButton())
  expect(screen.getByRole('alertdialog', { name: 'Let other.example act for you?' })).toBeDefined()
  fireEvent.click(rejectButton())
  expect(screen.queryByRole('alertdialog')).toBeNull()
  expect(await decisions).toMatchObject([{ approved: true }, { approved: false, reason: 'reject-press' }])
  unmountView()
})

function QueueView({ queue }: { queue: ConsentQueue }) {
  const request = useSyncExternalStore(queue.subscribe, queue.getSnapshot)
  return (
    request && (
      <PermissionConsentView request={request} onApprove={() => queue.approve(request.id)} onReject={(reason) => queue.reject(request.id, reason)} />
    )
  )
}

function accessibleDescription(element: HTMLElement): string | null | undefined {
  return document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent
}
