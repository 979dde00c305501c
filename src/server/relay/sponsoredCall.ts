import { concatHex, decodeFunctionData, isAddressEqual, keccak256, size, slice, type Address, type Hex } from 'viem'
import { hashAuthorization } from 'viem/utils'
import { delegationManagerAbi } from '../../delegation/abis.js'
import { hashDelegation, type Delegation } from '../../delegation/delegation.js'
import { decodeExecuteBatch } from '../../delegation/executeBatch.js'
import { anyDelegate, framework, rootAuthority } from '../../delegation/framework.js'
import { readP256Deployment } from '../../delegation/p256Account.js'
import { decodeRedeemDelegations, encodeExecution, encodeRedeemDelegations, type Execution, type Redemption } from '../../delegation/redeem.js'
import { checkAccounts, checkContract, checkEnforcers } from './allowed.js'
import type { RelayRules } from './limits.js'
import type { TransactionRequest } from './params.js'
import { readDeadline, requirePins } from './pinnedLeaf.js'
import { isPlain, layouts } from './plainAbi.js'
import { notSponsored, tooMuch } from './relayRpcError.js'

/** What the relay found in a transaction that it may pay for. */
export type SponsoredCall = {
  /** The same leaf delegation for the same execution is one task, however often it is sent. */
  id: Hex
  /** The account that the authority comes from; of a batch, that of its first call. */
  sender: Address
  /** Whose quota with the relay it uses: every account that authority comes from. */
  accounts: readonly Address[]
  /** Who signed for the relay: a session key or a session account. */
  signer: Address
  contracts: readonly Address[]
  /** Calls of one shape take about the same gas. */
  shape: string | undefined
  /** Whose EIP-7702 authorization may ride along. */
  authorizers: readonly Address[]
  /** When a leaf that anyone may redeem stops being redeemable. */
  deadline: number | undefined
  /** The transaction is nothing but an account's upgrade. */
  isUpgrade: boolean
  /** An account is upgraded by it, alone or on the way, or deployed. */
  makesAccount: boolean
}

type ReadCall = Omit<SponsoredCall, 'makesAccount'>

/**
 * Decides by decoding; everything that is not understood is refused.
 * @throws {RelayRpcError} with the reason
 */
export function readSponsoredCall(request: TransactionRequest, rules: RelayRules): SponsoredCall {
  if (size(request.data) > maxDataBytes) throw tooMuch(`The data holds ${size(request.data)} bytes; at most ${maxDataBytes} go into one transaction.`)
  const call = readCall(request, rules)
  checkAccounts([...call.accounts, ...call.authorizers, call.signer], rules)
  return { ...call, makesAccount: request.authorizationList.length > 0 || isAddressEqual(request.to, framework.SimpleFactory) }
}

/** Nodes take no transaction above 128 KiB (geth's `txMaxSize`). */
const maxDataBytes = 120_000

function readCall(request: TransactionRequest, rules: RelayRules): ReadCall {
  if (request.data === '0x') return readUpgrade(request)
  if (isAddressEqual(request.to, framework.SimpleFactory)) return readDeployment(request)
  if (!isAddressEqual(request.to, framework.DelegationManager)) {
    throw notSponsored('the transaction must call the DelegationManager, deploy the account of a P-256 session key, or upgrade an account with empty data.')
  }
  const redemptions = readRedemptions(request.data)
  if (!redemptions) throw notSponsored('the data is not redeemDelegations with single default calls, plainly encoded.')
  const [redemption, ...others] = redemptions
  if (!redemption || others.length > 0) throw notSponsored('exactly one redemption; a batch goes inside one leaf that pins it.')
  return readRedemption(redemption, rules)
}

function readRedemption({ delegations, execution }: Redemption, rules: RelayRules): ReadCall {
  const [leaf] = delegations
  const root = delegations.at(-1)
  // No delegations at all would make the relay's own account execute.
  if (!leaf || !root) throw notSponsored('the redemption holds no delegation.')
  const toAnyone = isAddressEqual(leaf.delegate, anyDelegate)
  if (!toAnyone && !isAddressEqual(leaf.delegate, rules.relay)) {
    throw notSponsored(`the leaf delegation names ${leaf.delegate}; this relay is ${rules.relay}.`)
  }
  checkValue(execution, rules)
  const inner = readInner(delegations, execution, rules)
  requirePins(leaf, execution)
  checkEnforcers([...delegations, ...(inner ?? []).flatMap((call) => call.delegations)], rules)
  const roots = inner?.map((call) => call.delegations.at(-1)?.delegator ?? root.delegator) ?? [root.delegator]
  const accounts = distinct(roots)
  const [sender = root.delegator] = accounts
  return {
    id: keccak256(concatHex([hashDelegation(leaf), keccak256(encodeExecution(execution))])),
    sender,
    accounts,
    signer: leaf.delegator,
    contracts: distinct(inner?.map((call) => call.execution.to) ?? ownCalls(delegations, execution).map(({ to }) => to)),
    shape: shapeOf(leaf, execution),
    authorizers: [...delegations.map(({ delegator }) => delegator), sender],
    deadline: toAnyone ? readDeadline(leaf) : undefined,
    isUpgrade: false,
  }
}

/** The calls of an atomic batch: redeemDelegations made by the session account itself, pinned as one execution. */
function readInner(delegations: readonly Delegation[], execution: Execution, rules: RelayRules): readonly Redemption[] | undefined {
  if (!isAddressEqual(execution.to, framework.DelegationManager)) {
    for (const call of ownCalls(delegations, execution)) {
      checkValue(call, rules)
      if (isRevocation(call)) continue
      if (isAddressEqual(call.to, framework.DelegationManager)) throw notSponsored('of the DelegationManager an account may only call disableDelegation in a batch of its own.')
      checkContract(call, rules)
    }
    return undefined
  }
  if (isRevocation(execution)) return undefined

  const inner = readRedemptions(execution.data)
  if (!inner) throw notSponsored('of the DelegationManager only redeemDelegations and disableDelegation may be called, plainly encoded.')
  const [leaf, ...parents] = delegations
  if (!leaf || parents.length > 0 || leaf.authority !== rootAuthority) {
    throw notSponsored('a batch is pinned by one leaf delegation of the session account, which stands on nothing else.')
  }
  if (inner.length === 0) throw notSponsored('the batch is empty.')
  if (inner.length > rules.maxCallsPerBatch) {
    throw tooMuch(`The batch holds ${inner.length} calls; at most ${rules.maxCallsPerBatch} are sponsored.`)
  }
  for (const call of inner) {
    const [innerLeaf] = call.delegations
    if (!innerLeaf || !isAddressEqual(innerLeaf.delegate, leaf.delegator)) {
      throw notSponsored(`every permission in the batch must be delegated to ${leaf.delegator}, which redeems it.`)
    }
    if (isAddressEqual(call.execution.to, framework.DelegationManager)) throw notSponsored('a batch does not nest.')
    checkValue(call.execution, rules)
    checkContract(call.execution, rules)
  }
  return inner
}

function readUpgrade({ to, authorizationList }: TransactionRequest): ReadCall {
  const [authorization] = authorizationList
  if (!authorization) throw notSponsored('empty data, and no authorization that would upgrade an account.')
  const { r, s } = authorization
  return {
    id: keccak256(concatHex([hashAuthorization(authorization), r, s, to])),
    sender: to,
    accounts: [to],
    signer: to,
    contracts: [],
    shape: undefined,
    authorizers: [to],
    deadline: undefined,
    isUpgrade: true,
  }
}

/** The account of a P-256 session key and nothing else: whatever the factory deploys otherwise would be anybody's code. */
function readDeployment({ data }: TransactionRequest): ReadCall {
  const account = size(data) <= maxDeploymentBytes ? readP256Deployment(data) : undefined
  if (!account) throw notSponsored('of the SimpleFactory only the deployment of a session account may be called: no owner, one P-256 key, the kit’s proxy.')
  return { id: keccak256(data), sender: account, accounts: [account], signer: account, contracts: [], shape: 'deployment', authorizers: [], deadline: undefined, isUpgrade: false }
}

/** More than the one that there is. */
const maxDeploymentBytes = 8_192

/** Only the one encoding that we would write ourselves: what is judged here is what the contract reads. */
function readRedemptions(data: Hex): readonly Redemption[] | undefined {
  if (!isPlain(layouts.redeemDelegations, data, selectorBytes)) return undefined
  const redemptions = decodeRedeemDelegations(data)
  const isOurs = redemptions && encodeRedeemDelegations(redemptions).toLowerCase() === data.toLowerCase()
  return isOurs ? redemptions : undefined
}

const selectorBytes = 4

/** The permission that it stands on (the leaf's authority), the function and the lengths: what one such call took, another takes about. */
function shapeOf(leaf: Delegation, { to, value, data }: Execution): string {
  const selector = size(data) >= 4 ? slice(data, 0, 4) : '0x'
  return [leaf.delegator, leaf.authority, size(leaf.signature), ...leaf.caveats.map(({ enforcer }) => enforcer), to, selector, size(data), value > 0n].join(':').toLowerCase()
}

function distinct(addresses: readonly Address[]): readonly Address[] {
  return addresses.filter((address, index) => addresses.findIndex((other) => isAddressEqual(other, address)) === index)
}

/** What an owner has the account do: a batch is a call of the account to itself, judged by what is in it. */
function ownCalls(delegations: readonly Delegation[], execution: Execution): readonly Execution[] {
  const [root, ...others] = delegations
  const toItself = root && others.length === 0 && isAddressEqual(execution.to, root.delegator)
  return (toItself && isPlain(layouts.executeBatch, execution.data, selectorBytes) && decodeExecuteBatch(execution.data)) || [execution]
}

function isRevocation({ to, data }: Execution): boolean {
  if (!isAddressEqual(to, framework.DelegationManager) || !isPlain(layouts.disableDelegation, data, selectorBytes)) return false
  try {
    return decodeFunctionData({ abi: delegationManagerAbi, data }).functionName === 'disableDelegation'
  } catch {
    return false
  }
}

function checkValue({ value }: Execution, { maxNativeValueWei }: RelayRules): void {
  if (maxNativeValueWei !== undefined && value > maxNativeValueWei) throw notSponsored(`the call moves ${value} wei of native token; at most ${maxNativeValueWei} are sponsored.`)
}
