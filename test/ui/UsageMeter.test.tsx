// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { parseEther, parseUnits } from 'viem'
import { expect, test } from 'vitest'
import { erc20Allowance, erc20Periodic, nativeStream, type Permission } from '../../src/index.js'
import { UsageMeter, UsageMeterAsOf, UsageMeterNote, UsageMeterTrack, UsageMeterValue, type UsageMeterProps } from '../../src/ui/index.js'
import { describePart } from './conformance/describePart.js'

const gold = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const sword = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const metadata = { [gold.toLowerCase()]: { symbol: 'GOLD', decimals: 18 }, [sword.toLowerCase()]: { name: 'Sword' } }
const amount = (value: number) => parseUnits(String(value), 18)
/** Sunday 22 November 2026, 18:00 in Berlin. */
const now = Date.UTC(2026, 10, 22, 17) / 1000
const day = 86_400
const asOf = { blockNumber: 7n, timestamp: now }

const spend = erc20Allowance({ token: gold, limit: amount(1000) })
const weekly = { ...erc20Periodic({ token: gold, limit: amount(1000), period: { days: 7 } }), startTime: now - 3 * day } as Permission
const mint: Permission = { type: 'contract-call', address: sword, functions: [{ signature: 'mint(address to)' }], callLimit: 10, valueLimit: 0n }

function show(props: Partial<UsageMeterProps> & Pick<UsageMeterProps, 'permission'>) {
  render(
    <StrictMode>
      <UsageMeter metadata={metadata} nativeCurrency={{ symbol: 'ETH', decimals: 18 }} timeZone="Europe/Berlin" asOf={asOf} {...props} />
    </StrictMode>,
  )
}
const left = (value: number) => ({ amount: { limit: amount(1000), left: amount(value) } })

test.each([
  [1000, 'within', 100],
  [201, 'within', 20],
  [200, 'near', 20],
  [0.5, 'near', 0],
  [0, 'exhausted', 0],
])('of 1000 GOLD %d are left: %s', (value, state, percent) => {
  show({ permission: spend, usage: left(value) })
  const meter = screen.getByRole('meter', { name: 'spend up to 1000 GOLD in total' })
  expect(meter).toHaveAttribute('data-state', state)
  expect(meter).toHaveAttribute('aria-valuenow', String(percent))
  expect(meter).toHaveAttribute('aria-valuetext', `${value} GOLD left of 1000 GOLD, as of Sun 18:00`)
})

test('a period says when it begins anew', () => {
  show({ permission: weekly, usage: left(100), expiry: now + 30 * day })
  expect(screen.getByRole('meter')).toHaveAttribute('aria-valuetext', '100 GOLD left of 1000 GOLD per week, resets Thu 18:00, as of Sun 18:00')
})

test('one that the session does not live to see again says so', () => {
  show({ permission: weekly, usage: left(100), expiry: now + 2 * day })
  expect(screen.getByText('does not renew before the session ends')).toBeVisible()
})

test('calls are counted as calls', () => {
  show({ permission: mint, usage: { calls: { limit: 10, left: 2 } } })
  const meter = screen.getByRole('meter', { name: 'mint on Sword, at most 10 times' })
  expect(meter).toHaveAttribute('aria-valuetext', '2 of 10 calls left, as of Sun 18:00')
  expect(meter).toHaveAttribute('data-state', 'near')
})

test('what is left is not made up where nobody counts, or nobody has read it', () => {
  show({ permission: mint, usage: { calls: { limit: 10, left: undefined } } })
  expect(screen.queryByRole('meter')).toBeNull()
  const group = screen.getByRole('group', { name: 'mint on Sword, at most 10 times' })
  expect(group).toHaveAttribute('data-state', 'unknown')
  expect(group).toHaveTextContent('What is left is not known')
})

test('while it is read it says that', () => {
  show({ permission: spend, reading: true, asOf: undefined })
  expect(screen.getByRole('group')).toHaveTextContent(/^Reading what is left…$/)
})

test.each([
  [{ ...mint, callLimit: undefined } as Permission, 'No limit on the number of calls'],
  [{ ...spend, limit: 2n ** 256n - 1n } as Permission, 'No limit on the amount of GOLD'],
])('no limit is said in words', (permission, words) => {
  show({ permission, usage: {} })
  const group = screen.getByRole('group')
  expect(group).toHaveAttribute('data-unlimited')
  expect(group).toHaveTextContent(words)
  expect(group).not.toHaveTextContent(/\d{6}/)
})

test('a stream is not used up because it has not grown yet', () => {
  const stream = { ...nativeStream({ initial: parseEther('0.01'), perSecond: parseEther('0.000001'), max: parseEther('1') }), startTime: now - 1000 } as Permission
  show({ permission: stream, usage: { amount: { limit: parseEther('1'), left: parseEther('0.001') } } })
  const meter = screen.getByRole('meter')
  expect(meter).toHaveAttribute('data-state', 'within')
  expect(meter).toHaveAttribute('aria-valuetext', '0.001 ETH available now, 1 ETH in all, grows by 0.0036 ETH per hour, as of Sun 18:00')
})

test('a permission that has not started waits, and is not used up', () => {
  show({ permission: { ...spend, startTime: now + day } as Permission, usage: left(0) })
  expect(screen.getByRole('meter')).toHaveAttribute('data-state', 'within')
  expect(screen.getByText('starts Mon 18:00')).toBeVisible()
})

test('a permission that was revoked alone says so', () => {
  show({ permission: spend, usage: { ...left(900), disabled: true } })
  expect(screen.getByRole('meter')).toHaveAttribute('aria-valuetext', 'Ended on-chain: nothing is left, as of Sun 18:00')
})

test('every word can be another', () => {
  show({ permission: mint, usage: { calls: { limit: 10, left: 2 } }, asOf: undefined, messages: { callsLeft: ({ left, limit }) => `noch ${left} von ${limit}` } })
  expect(screen.getByRole('meter')).toHaveAttribute('aria-valuetext', 'noch 2 von 10')
})

const meter = (children?: React.ReactNode, props: object = {}) => (
  <UsageMeter permission={weekly} usage={left(100)} asOf={asOf} metadata={metadata} {...props}>
    {children}
  </UsageMeter>
)
describePart('UsageMeter', (props) => meter(undefined, props), { tag: 'div', className: 'rsk-meter' })
describePart('UsageMeterValue', (props) => meter(<UsageMeterValue {...props} />), { tag: 'div', className: 'rsk-meter-value' })
describePart('UsageMeterNote', (props) => meter(<UsageMeterNote {...props} />), { tag: 'div', className: 'rsk-meter-note' })
describePart('UsageMeterTrack', (props) => meter(<UsageMeterTrack {...props} />), { tag: 'div', className: 'rsk-meter-track' })
describePart('UsageMeterAsOf', (props) => meter(<UsageMeterAsOf {...props} />), { tag: 'div', className: 'rsk-meter-as-of' })
