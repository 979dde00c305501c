import { getAddress, maxUint256, numberToHex, zeroAddress, type Address } from 'viem'
import * as v from 'valibot'

export const metaMaskRules = ['expiry', 'redeemer', 'payee'] as const

const amount = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]*$/i, 'Invalid hex value'),
  v.check((value) => value !== '0x' && BigInt(value) > 0n, 'must be greater than 0'),
)
const anyAmount = v.pipe(v.string(), v.regex(/^0x[0-9a-f]+$/i, 'Invalid hex value'))
const token = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{40}$/i, 'Invalid Ethereum address'),
  v.transform((value) => getAddress(value)),
  v.check((value: Address) => value !== zeroAddress, 'Address cannot be the zero address'),
)

const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const startTime = v.nullish(v.pipe(positive, v.check((value) => value >= startOfToday(), 'Start time must be today or later')))

const daySeconds = 86_400
const periods = [daySeconds / 24, daySeconds, 7 * daySeconds, 14 * daySeconds, 30 * daySeconds, 365 * daySeconds]
/** Rounded, not refused: 100 tokens in three days become 100 tokens a day. */
const periodDuration = v.pipe(
  positive,
  v.maxValue(10 * 365 * daySeconds, 'Period duration must be less than or equal to 315360000 seconds (10 years).'),
  v.transform((seconds) => periods.reduce((best, period) => (Math.abs(seconds - period) < Math.abs(seconds - best) ? period : best))),
)
const noWords = 'No justification was provided for the permission'
const justification = v.nullish(
  v.pipe(v.string(), v.trim(), v.transform((words) => words || noWords), v.maxLength(300, 'Justification cannot exceed 300 characters')),
  noWords,
)

const common = { startTime, justification }
const allowance = { allowanceAmount: amount, ...common }
const periodic = { periodAmount: amount, periodDuration, ...common }
const stream = {
  initialAmount: v.nullish(anyAmount, '0x0'),
  maxAmount: v.nullish(anyAmount, numberToHex(maxUint256)),
  amountPerSecond: amount,
  ...common,
}

/** `object`, not `strictObject`: what MetaMask does not know in here, it drops. */
export const metaMaskData = {
  'native-token-allowance': v.object(allowance),
  'native-token-periodic': v.object(periodic),
  'native-token-stream': v.object(stream),
  'erc20-token-allowance': v.object({ ...allowance, tokenAddress: token }),
  'erc20-token-periodic': v.object({ ...periodic, tokenAddress: token }),
  'erc20-token-stream': v.object({ ...stream, tokenAddress: token }),
}

export type MetaMaskType = keyof typeof metaMaskData

export const metaMaskTypes = Object.keys(metaMaskData) as readonly MetaMaskType[]

/** By this device's clock and zone, as MetaMask has it. */
function startOfToday(): number {
  return Math.floor(new Date().setHours(0, 0, 0, 0) / 1000)
}
