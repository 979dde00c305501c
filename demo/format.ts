import { formatUnits, type Address } from 'viem'

/** As the consent writes amounts: no comma before 10,000. */
const number = new Intl.NumberFormat('en-GB', { useGrouping: 'min2', maximumFractionDigits: 4 })

export const gold = (amount: bigint) => `${number.format(Number(formatUnits(amount, 18)))} GOLD`
export const ether = (amount: bigint) => `${number.format(Number(formatUnits(amount, 18)))} ETH`
export const short = (value: Address) => `${value.slice(0, 6)}…${value.slice(-4)}`
export const plural = (count: number, one: string) => `${number.format(count)} ${one}${count === 1 ? '' : 's'}`

const moment = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })
const relative = new Intl.RelativeTimeFormat('en-GB')

export const localTime = (seconds: number) => moment.format(seconds * 1000)

/** `in 3 days`, `2 hours ago`: from one moment of the chain's clock to another. */
export function fromNow(seconds: number, now: number): string {
  const away = seconds - now
  const [unit, size] = Math.abs(away) >= 2 * 86_400 ? (['day', 86_400] as const) : Math.abs(away) >= 7_200 ? (['hour', 3_600] as const) : (['minute', 60] as const)
  return relative.format(Math.round(away / size), unit)
}
