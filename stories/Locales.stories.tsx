import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState, type ReactElement } from 'react'
import { erc20Abi, maxUint256, parseAbi, parseEther, parseUnits, encodeFunctionData, type Address } from 'viem'
import type { CallsConsentRequest, ConsentRequest, PermissionConsentRequest } from '../src/consent/consentRequest.js'
import { expiresIn } from '../src/index.js'
import { ar } from '../src/locales/ar/index.js'
import { es } from '../src/locales/es/index.js'
import { contractCall } from '../src/permissions/contractCall.js'
import { erc20Allowance, erc20Periodic, nativeStream } from '../src/permissions/tokenPermissions.js'
import { ExpiryPicker, GrantDifference, MessagesProvider, PermissionConsentView, SessionKeyCard, uiMessages, type UiMessages } from '../src/ui/index.js'
import { createWorld, day, gold, hour, metadata, mint, now, shopping, spend, sword, usageOf, usdc, weekly, type WorldParameters } from './sessionWorld.js'

const router: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const treasury: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const swordAbi = parseAbi(['function mint(address to)', 'function _forge(uint256 id)'])

/**
 * The words of the components in Spanish and Arabic: `MessagesProvider` with `react-session-keys/locales/es` or `/ar`. Each is read back by a
 * test and held against what is allowed.
 */
const meta: Meta = {
  title: 'Components/Locales',
  parameters: { docs: { story: { inline: false, height: '760px' } } },
}

export default meta
type Story = StoryObj

const common = {
  origin: 'https://sword-shop.example',
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  chain: { id: 8453, name: 'Base', nativeCurrency: { symbol: 'ETH', decimals: 18 } },
  metadata,
} as const

const shop: PermissionConsentRequest = {
  ...common,
  type: 'permissions',
  id: 'shop',
  app: { name: 'Sword Shop' },
  delegate: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
  permissions: [contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }), erc20Allowance({ token: gold, limit: parseUnits('12500.5', 18), payee: treasury }), { ...weekly, optional: true }],
  expiry: now + 3 * day,
  chainTime: now,
  upgradesAccount: true,
  adjustable: true,
}

/** Amounts that grow, calls that carry a value, a wallet that can only grant more, what stands in its place already, and each danger. */
const risky: PermissionConsentRequest = {
  ...shop,
  id: 'risky',
  expiry: now + 120 * day,
  permissions: [
    contractCall({ address: router, abi: swordAbi }),
    contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'approve', args: [router, maxUint256] }], callLimit: 2 }),
    contractCall({ address: sword, abi: swordAbi, functions: ['_forge', 'mint'], callLimit: 11, valueLimit: parseEther('0.01') }),
    nativeStream({ initial: parseEther('0.01'), perSecond: parseEther('0.000001'), max: parseEther('1'), startTime: now }),
    { ...erc20Periodic({ token: gold, limit: parseUnits('500', 18), period: { days: 1 } }), startTime: now },
  ],
  widened: [
    { path: 'permissions[2].startTime', reason: 'the wallet begins at once' },
    { path: 'permissions[4].payee', reason: 'the wallet cannot hold it to one recipient' },
  ],
  existing: { ends: true, terms: { expiry: now + day, permissions: [{ ...erc20Periodic({ token: gold, limit: parseUnits('100', 18), period: { days: 1 } }), startTime: now - day }, erc20Allowance({ token: usdc, limit: parseUnits('20', 6) })] } },
}

const calls: CallsConsentRequest = {
  ...common,
  type: 'calls',
  id: 'calls',
  app: { name: 'Sword Shop' },
  upgradesAccount: false,
  calls: [
    { to: usdc, value: 0n, data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, parseUnits('20', 6)] }) },
    { to: treasury, value: parseEther('0.05'), data: '0x' },
  ],
}

function consent(messages: UiMessages, request: ConsentRequest, direction: 'ltr' | 'rtl' = messages.direction): Story {
  return {
    render: () => (
      <MessagesProvider messages={messages}>
        <PermissionConsentView
          request={request}
          now={now}
          timeZone="Europe/Berlin"
          gas="relay"
          prices={{ [gold.toLowerCase()]: { currency: 'EUR', perToken: 0.05 } }}
          onApprove={() => {}}
          onReject={() => {}}
        />
      </MessagesProvider>
    ),
    globals: { direction },
  }
}

const toLower: NonNullable<Story['play']> = async ({ canvas, userEvent }) => {
  await userEvent.click(await canvas.findByRole('button', { name: /Permitir menos|السماح بأقل/ }))
}

export const ConsentInSpanish: Story = { ...consent(es, shop), play: toLower }
export const ConsentInArabic: Story = { ...consent(ar, shop), play: toLower }
export const RiskyConsentInSpanish: Story = consent(es, risky)
export const RiskyConsentInArabic: Story = consent(ar, risky)
export const CallsInSpanish: Story = consent(es, calls)
export const CallsInArabic: Story = consent(ar, calls)
/** A token and an app that are named in Arabic. */
export const ArabicNamesInArabic: Story = consent(ar, arabicNames('names-ar'))
/** The same in an English dialog, on a page that is written from right to left. */
export const ArabicNamesInEnglish: Story = consent(uiMessages, arabicNames('names-en'), 'rtl')
/** Arabic on a page that is written from left to right. */
export const ArabicOnAnEnglishPage: Story = consent(ar, { ...shop, id: 'ltr-page' }, 'ltr')

function arabicNames(id: string): PermissionConsentRequest {
  return {
    ...shop,
    id,
    app: { name: 'متجر السيوف' },
    metadata: { [gold.toLowerCase()]: { symbol: 'ذهب', decimals: 18 } },
    permissions: [erc20Allowance({ token: gold, limit: parseUnits('1000', 18) }), { ...erc20Periodic({ token: gold, limit: parseUnits('50', 18), period: { days: 2 } }), startTime: now }],
  }
}

function card(messages: UiMessages, session = shopping(), world: WorldParameters = {}): Story {
  return {
    loaders: [() => ({ World: createWorld({ sessions: [session], usage: { [session.id]: usageOf(session, [43, 620n * 10n ** 18n, 40n * 10n ** 6n]) }, ...world }) })],
    render: (_, { loaded: { World } }) => (
      <World>
        <MessagesProvider messages={messages}>
          <SessionKeyCard session={session.id} metadata={metadata} timeZone="Europe/Berlin" />
        </MessagesProvider>
      </World>
    ),
    globals: { direction: messages.direction },
  }
}

const toEnd: NonNullable<Story['play']> = async ({ canvas, userEvent }) => {
  await userEvent.click(await canvas.findByRole('button', { name: /Terminar sesión|إنهاء الجلسة/ }))
}
const three = () => shopping({ permissions: [mint, spend, weekly] })
const quarantined = () =>
  shopping({ status: 'quarantined', permissions: [mint], granted: [{ permission: { ...mint, callLimit: 5_000 } as typeof mint }], grantedExpiry: now + 4 * day, problem: 'callLimit goes beyond the request' })

export const CardInSpanish: Story = card(es, three())
export const CardInArabic: Story = card(ar, three())
export const QuarantinedInSpanish: Story = card(es, quarantined())
export const QuarantinedInArabic: Story = card(ar, quarantined())
export const EndingInSpanish: Story = { ...card(es), play: toEnd }
export const EndingInArabic: Story = { ...card(ar), play: toEnd }

function difference(messages: UiMessages): Story {
  const asked = { permissions: [mint, spend], expiry: now + 3 * day }
  const granted = { permissions: [{ ...mint, callLimit: 3 } as typeof mint], expiry: now + hour }
  return { render: () => <GrantDifference asked={asked} granted={granted} metadata={metadata} now={now} timeZone="Europe/Berlin" messages={messages} />, globals: { direction: messages.direction } }
}
export const DifferenceInSpanish: Story = difference(es)
export const DifferenceInArabic: Story = difference(ar)

function Picker({ messages }: { messages: UiMessages }): ReactElement {
  const [expiry, setExpiry] = useState(expiresIn({ days: 7 }))
  return <ExpiryPicker value={expiry} max={expiresIn({ days: 30 })} now={now} messages={messages} onValueChange={(value) => typeof value === 'object' && setExpiry(value)} />
}
export const ExpiryInSpanish: Story = { render: () => <Picker messages={es} /> }
export const ExpiryInArabic: Story = { render: () => <Picker messages={ar} />, globals: { direction: 'rtl' } }
