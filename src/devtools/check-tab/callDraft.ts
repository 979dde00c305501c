/** A call as it is typed. */
export type CallDraft = {
  /** The session's id; empty: the first that is there. */
  session: string
  to: string
  by: 'function' | 'calldata'
  /** `transfer(address to, uint256 amount)` */
  signature: string
  /** One text for each argument. */
  args: readonly string[]
  data: string
  /** In units of the native token, as decimals. */
  value: string
}

export const emptyDraft: CallDraft = { session: '', to: '', by: 'function', signature: '', args: [], data: '', value: '' }
