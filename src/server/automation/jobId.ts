import { keccak256, stringToHex } from 'viem'
import type { Run } from './run.js'

export type RunKey = Pick<Run, 'rule' | 'session' | 'period'>

/** The same job for the same run, in every process. A UUID of version 8: its bits are a hash. @see RFC 9562 */
export function jobId({ rule, session, period }: RunKey): string {
  const hex = keccak256(stringToHex(JSON.stringify(['react-session-keys', 1, rule, session, period]))).slice(2)
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}

/** What the chain knows a run by: `agent.send` makes it happen once. */
export function intentOf({ rule, period }: Pick<RunKey, 'rule' | 'period'>): string {
  return `${rule}:${period}`
}
