import { erc20Abi, isAddress, type Address, type Client } from 'viem'
import { getBalance, readContract } from 'viem/actions'
import type { Session } from '../../sessions/session.js'
import { condition, type ConditionParameters, type ConditionRule } from './condition.js'
import { InvalidRuleError } from './errors.js'

export type TopUpParameters = Omit<ConditionParameters, 'when' | 'calls' | 'trigger'> & {
  token: Address | 'native'
  /** Whose balance. */
  of: Address | ((session: Session) => Address)
  /** Smallest units (wei). Less than this, and it is filled. */
  below: bigint
  /** Smallest units (wei). The amount of a run is what is missing to this when it is first tried. */
  upTo: bigint
}

/** Keeps a balance from running out, by transfers of the session's account. @throws {InvalidRuleError} */
export function topUp({ token, of, below, upTo, ...rest }: TopUpParameters): ConditionRule {
  const refuse = (problem: string, help: string) => new InvalidRuleError({ rule: rest.name, problem, help })
  if (below <= 0n || upTo < below) throw refuse(`fills up to ${upTo} what is below ${below}`, '`below` is more than 0, and `upTo` at least as much.')
  if (token !== 'native' && !isAddress(token, { strict: false })) throw refuse('tops up what is no token', "`token` is the contract's address, or 'native'.")
  const addressOf = (session: Session) => (typeof of === 'function' ? of(session) : of)
  return condition({
    ...rest,
    trigger: 'level',
    when: async ({ client, session }) => (await balanceOf(client, token, addressOf(session))) < below,
    async calls({ client, session }) {
      const to = addressOf(session)
      const balance = await balanceOf(client, token, to)
      if (balance >= below) return []
      const amount = upTo - balance
      return [token === 'native' ? { to, value: amount } : { to: token, abi: erc20Abi, functionName: 'transfer', args: [to, amount] }]
    },
  })
}

function balanceOf(client: Client, token: Address | 'native', address: Address): Promise<bigint> {
  if (token === 'native') return getBalance(client, { address })
  return readContract(client, { address: token, abi: erc20Abi, functionName: 'balanceOf', args: [address] })
}
