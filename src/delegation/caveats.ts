import { concatHex, encodeAbiParameters, numberToHex, type Address, type Hex } from 'viem'
import type { UnixSeconds } from '../permissions/permission.js'
import { caveatsParameter } from './abis.js'
import type { Caveat } from './delegation.js'
import { encodeExecution, type Execution } from './redeem.js'
import { enforcers, type EnforcerName } from './framework.js'

const word = (value: bigint | number) => numberToHex(value, { size: 32 })
const half = (value: bigint | number) => numberToHex(value, { size: 16 })

function caveat(enforcer: EnforcerName, terms: Hex): Caveat {
  return { enforcer: enforcers[enforcer], terms, args: '0x' }
}

type Stream = { initial: bigint; max: bigint; perSecond: bigint; startTime: UnixSeconds }
const streamWords = ({ initial, max, perSecond, startTime }: Stream) =>
  concatHex([word(initial), word(max), word(perSecond), word(startTime)])

type Period = { limit: bigint; period: number | bigint; startTime: UnixSeconds }
const periodWords = ({ limit, period, startTime }: Period) => concatHex([word(limit), word(period), word(startTime)])

/** One row per limit: its audited enforcer and how its terms are packed. */
export const caveats = {
  /** The enforcer compares strictly on both sides; ours include the start and exclude the end. 0 means no bound. */
  time: ({ from = 0, until }: { from?: UnixSeconds | undefined; until: UnixSeconds }) =>
    caveat('TimestampEnforcer', concatHex([half(from > 0 ? from - 1 : 0), half(until)])),
  targets: (addresses: readonly Address[]) => caveat('AllowedTargetsEnforcer', concatHex(addresses)),
  methods: (selectors: readonly Hex[]) => caveat('AllowedMethodsEnforcer', concatHex(selectors)),
  calldataRange: (start: number, value: Hex) => caveat('AllowedCalldataEnforcer', concatHex([word(start), value])),
  exactCalldata: (data: Hex) => caveat('ExactCalldataEnforcer', data),
  exactExecution: (execution: Execution) => caveat('ExactExecutionEnforcer', encodeExecution(execution)),
  /** The most native token that one call may carry. */
  value: (limit: bigint) => caveat('ValueLteEnforcer', word(limit)),
  callLimit: (limit: number) => caveat('LimitedCallsEnforcer', word(limit)),
  erc20Total: (token: Address, limit: bigint) => caveat('ERC20TransferAmountEnforcer', concatHex([token, word(limit)])),
  erc20Period: (token: Address, period: Period) => caveat('ERC20PeriodTransferEnforcer', concatHex([token, periodWords(period)])),
  erc20Stream: (token: Address, stream: Stream) => caveat('ERC20StreamingEnforcer', concatHex([token, streamWords(stream)])),
  nativeTotal: (limit: bigint) => caveat('NativeTokenTransferAmountEnforcer', word(limit)),
  nativePeriod: (period: Period) => caveat('NativeTokenPeriodTransferEnforcer', periodWords(period)),
  nativeStream: (stream: Stream) => caveat('NativeTokenStreamingEnforcer', streamWords(stream)),
  erc721: (token: Address, id: bigint) => caveat('ERC721TransferEnforcer', concatHex([token, word(id)])),
  /** Ends with all others of the delegator that name this number, as soon as the delegator counts on. */
  nonce: (nonce: bigint) => caveat('NonceEnforcer', word(nonce)),
  /** Of all delegations of the delegator that name this number, one can be used, once. */
  oneOf: (id: bigint) => caveat('IdEnforcer', word(id)),
  /** Who may send the redemption. */
  redeemers: (addresses: readonly Address[]) => caveat('RedeemerEnforcer', concatHex(addresses)),
  /** Any one of the groups must hold; the redeemer names it in `args` (`groupArgs`). */
  anyOf: (groups: readonly (readonly Caveat[])[]) =>
    caveat('LogicalOrWrapperEnforcer', encodeAbiParameters(caveatGroups, [groups.map((group) => ({ caveats: group }))])),
}

/** `args` of an `anyOf` caveat: which group the call falls under. */
export function groupArgs(groupIndex: number, caveatCount: number): Hex {
  return encodeAbiParameters(selectedGroup, [
    { groupIndex: BigInt(groupIndex), caveatArgs: Array.from({ length: caveatCount }, (): Hex => '0x') },
  ])
}

const caveatGroups = [{ type: 'tuple[]', components: [caveatsParameter] }] as const

const selectedGroup = [
  {
    type: 'tuple',
    components: [
      { name: 'groupIndex', type: 'uint256' },
      { name: 'caveatArgs', type: 'bytes[]' },
    ],
  },
] as const
