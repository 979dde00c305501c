import { decodeDelegations, type Hex as CoreHex } from '@metamask/delegation-core'
import { hexToBigInt, type Address, type Hex } from 'viem'
import { decodeContext, encodeContext } from '../../../src/delegation/context.js'
import { unbundleContexts } from '../../../src/delegation/contextBundle.js'
import type { Delegation } from '../../../src/delegation/delegation.js'
import { enforcers, framework, rootAuthority } from '../../../src/delegation/framework.js'
import { usablePermission } from '../../../src/delegation/grantedPermission.js'
import type { Dialect, GrantRequest } from '../../../src/dialects/dialect.js'
import { SessionKeyError } from '../../../src/errors/SessionKeyError.js'
import type { Permission } from '../../../src/permissions/permission.js'
import { judgeAnswer, type Judgement } from '../../../src/sessions/judgeAnswer.js'
import { goesBeyond, holdsDelegations } from './beyond.js'
import { createRandom, mutate, naughtyValue, type Random } from './mutate.js'

export type FuzzCase = {
  request: GrantRequest
  asked: readonly Permission[]
  /** What an honest wallet answers. */
  answer: unknown
}

export type FuzzReport = { active: number; quarantined: number; unreadable: number; wrong: readonly string[] }

/** Judges `runs` mutated answers and reports every one that was wrongly taken, or thrown at with an error of no known kind. */
export function fuzzAnswers(dialect: Dialect, cases: readonly FuzzCase[], { runs, seed }: { runs: number; seed: number }): FuzzReport {
  const random = createRandom(seed)
  const count = { active: 0, quarantined: 0, unreadable: 0 }
  const wrong: string[] = []
  for (let run = 0; run < runs && wrong.length < 20; run += 1) {
    const one = random.pick(cases)
    const answer = random.below(4) === 0 ? mutateContexts(one.answer, random) : mutate(one.answer, random)
    const onBroader = random.below(4) === 0 ? 'clamp' : 'quarantine'
    try {
      const judgement = judgeAnswer({ dialect, request: one.request, asked: one.asked, answer, onBroader })
      count[judgement.status] += 1
      const fault = judgement.status === 'active' ? (faultOf(one, judgement, onBroader) ?? uncompared(judgement, answer)) : undefined
      if (fault) wrong.push(`run ${run} of seed ${seed}: ${fault}: ${print(answer)}`)
    } catch (error) {
      count.unreadable += 1
      if (!(error instanceof SessionKeyError)) wrong.push(`run ${run} of seed ${seed}: threw ${String(error)}: ${print(answer)}`)
    }
  }
  return { ...count, wrong }
}

function uncompared({ granted }: Judgement, answer: unknown): string | undefined {
  return granted.some(({ context }) => context === undefined) && holdsDelegations(answer) ? 'delegations that nobody compared' : undefined
}

/** Why an answer that was taken should not have been. */
function faultOf({ request, asked, answer }: FuzzCase, judgement: Judgement, onBroader: string): string | undefined {
  if (({} as { allowed?: unknown }).allowed !== undefined || ({} as { polluted?: unknown }).polluted !== undefined) return 'Object.prototype was changed'
  if (judgement.granted.length === 0) return 'nothing was granted'
  if (!(judgement.expiry > 0 && judgement.expiry <= request.expiry)) return `it ends at ${judgement.expiry}`
  const honest = new Set(contextsIn(answer).flatMap((context) => decodeContext(context).map(({ caveats }) => caveatText(caveats))))
  for (const granted of judgement.granted) {
    if (goesBeyond(asked, usablePermission(granted))) return 'the session may do more than was asked'
    if (onBroader === 'quarantine' && goesBeyond(request.permissions, granted.permission)) return 'more was granted than the wallet was asked for'
    if (granted.context === undefined) continue
    if (granted.delegationManager.toLowerCase() !== framework.DelegationManager.toLowerCase()) return 'another manager'
    const fault = contextFault(granted.context, request, honest)
    if (fault) return fault
  }
  return undefined
}

/** Reads the context with somebody else's decoder. */
function contextFault(context: Hex, { account, delegate }: GrantRequest, honest: ReadonlySet<string>): string | undefined {
  const [delegation, ...others] = decodeDelegations(context as CoreHex)
  if (!delegation || others.length > 0) return 'not one delegation'
  if (delegation.delegate.toLowerCase() !== delegate.toLowerCase()) return 'another delegate'
  if (delegation.delegator.toLowerCase() !== account.toLowerCase()) return 'another delegator'
  if (delegation.authority.toLowerCase() !== rootAuthority) return 'another authority'
  const extras = [enforcers.NonceEnforcer, enforcers.RedeemerEnforcer].map((enforcer) => enforcer.toLowerCase())
  const limits = delegation.caveats.filter(({ enforcer }) => !extras.includes(enforcer.toLowerCase()))
  const known = [...honest].some((text) => text === caveatText(limits) || text === caveatText(delegation.caveats))
  const knownLimits = [...honest].some((text) => text.split(';').filter((part) => !extras.some((extra) => part.startsWith(extra))).join(';') === caveatText(limits))
  return known || knownLimits ? undefined : 'other limits than were signed'
}

function caveatText(caveats: readonly { enforcer: string; terms: string }[]): string {
  return caveats.map(({ enforcer, terms }) => `${enforcer}${terms}`.toLowerCase()).sort().join(';')
}

/** Contexts that are well-formed, and say something else. */
function mutateContexts(answer: unknown, random: Random): unknown {
  const copy = structuredClone(answer)
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return isContext(value) && random.below(3) > 0 ? changeContext(value, random) : value
    if (Array.isArray(value)) return value.map(visit)
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item)]))
    return value
  }
  return visit(copy)
}

function changeContext(context: Hex, random: Random): unknown {
  const delegations = decodeContext(context).map((delegation) => ({ ...delegation, caveats: delegation.caveats.map((caveat) => ({ ...caveat })) }))
  const [first] = delegations as [Delegation & { caveats: Delegation['caveats'][number][] }]
  const address = random.pick<Address>(['0x0000000000000000000000000000000000000a11', '0x00000000000000000000000000000000DeaDBeef', first.delegator, first.delegate])
  const caveat = first.caveats[random.below(first.caveats.length)]
  const changes: (() => unknown)[] = [
    () => encodeContext([{ ...first, delegate: address }]),
    () => encodeContext([{ ...first, delegator: address }]),
    () => encodeContext([{ ...first, authority: `0x${'0'.repeat(64)}` }]),
    () => encodeContext([first, { ...first, salt: first.salt + 1n }]),
    () => encodeContext([]),
    () => encodeContext([{ ...first, caveats: [] }]),
    () => encodeContext([{ ...first, caveats: first.caveats.filter((one) => one !== caveat) }]),
    () => encodeContext([{ ...first, caveats: [...first.caveats, ...(caveat ? [caveat] : [])] }]),
    () => encodeContext([{ ...first, caveats: first.caveats.map((one) => (one === caveat ? { ...one, terms: changeTerms(one.terms, random) } : one)) }]),
    () => encodeContext([{ ...first, caveats: [{ ...(caveat as NonNullable<typeof caveat>), terms: changeTerms(caveat?.terms ?? '0x', random) }, ...first.caveats] }]),
    () => encodeContext([{ ...first, caveats: first.caveats.map((one) => (one === caveat ? { ...one, enforcer: random.pick(Object.values(enforcers)) } : one)) }]),
    () => encodeContext([{ ...first, caveats: [...first.caveats, { enforcer: random.pick(Object.values(enforcers)), terms: changeTerms('0x', random), args: '0x' }] }]),
    () => encodeContext([{ ...first, caveats: first.caveats.map((one) => ({ ...one, args: '0x01' as Hex })) }]),
    () => encodeContext([{ ...first, salt: hexToBigInt(`0x${'ab'.repeat(32)}`), signature: '0x' }]),
    () => `${context}${'00'.repeat(32)}`,
    () => context.slice(0, -64),
    () => naughtyValue(random),
  ]
  return random.pick(changes)()
}

function changeTerms(terms: Hex, random: Random): Hex {
  const words = ['00'.repeat(32), 'ff'.repeat(32), `${'00'.repeat(31)}01`, '00'.repeat(20)]
  return random.pick<Hex>(['0x', `0x${random.pick(words)}`, `${terms}${random.pick(words)}`, `0x${terms.slice(2).replace(/[0-9a-f]/, 'f')}`, terms.length > 66 ? `0x${terms.slice(66)}` : '0x'])
}

function contextsIn(value: unknown): Hex[] {
  if (typeof value === 'string') return value.startsWith('0x') ? unbundleContexts(value as Hex).filter(isContext) : []
  if (Array.isArray(value)) return value.flatMap(contextsIn)
  return value && typeof value === 'object' ? Object.values(value).flatMap(contextsIn) : []
}

function isContext(value: string): value is Hex {
  if (!/^0x[0-9a-f]{400,}$/i.test(value)) return false
  try {
    return decodeContext(value as Hex).length > 0
  } catch {
    return false
  }
}

function print(answer: unknown): string {
  try {
    return JSON.stringify(answer, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)).slice(0, 600)
  } catch {
    return String(answer)
  }
}
