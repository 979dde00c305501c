import { numberToHex, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { framework } from '../../delegation/framework.js'
import { metaMaskCaveats, type MetaMaskPermission } from '../../delegation/metaMaskCaveats.js'
import { bend2026 } from './bend2026.js'
import { readMetaMaskRequests, type MetaMaskRequest } from './metaMaskRequest.js'
import { metaMaskRules, metaMaskTypes } from './metaMaskTypes.js'
import type { MockDialect, MockWalletState } from './mockDialect.js'
import { disconnect } from './mockProvider.js'
import { invalidParams, rpcError } from './rpcError.js'
import { signContext } from './signContext.js'

const grantMethod = 'wallet_requestExecutionPermissions'

/**
 * MetaMask: ERC-7715 as merged in 2026, for tokens only.
 *
 * Its faults: an unknown key makes a request malformed, but inside `data` it is dropped without a word · a period is rounded to the
 * nearest of hour, day, week, two weeks, 30 days and year · a stream that starts at its maximum fails after the user agreed · a request
 * without `rules` is refused, one without an expiry is granted for ever · an answer has a `startTime` and a `justification` that nobody
 * sent · while a grant is pending every other request is turned away · there is no method to revoke · `wallet_getCapabilities` says
 * nothing about permissions.
 *
 * @see MetaMask/core eth-json-rpc-middleware 24; MetaMask/snap-7715-permissions bfa810b; metamask-extension#37407
 */
export const erc7715 = {
  connector: { id: 'io.metamask', name: 'MetaMask (mock)' },
  marks: { isMetaMask: true },

  methods(wallet) {
    const granted: unknown[] = []

    /** Nothing is remembered before all of it is signed. */
    async function answer(requests: readonly MetaMaskRequest[]) {
      const rows = []
      for (const request of requests) rows.push(await grantOne(wallet, request))
      granted.push(...rows)
      return rows
    }

    return {
      async [grantMethod](params) {
        const request = readMetaMaskRequests(params, wallet)
        wallet.busy = rpcError(-32002, `Cannot process requests while a ${grantMethod} request is in process`)
        try {
          return await wallet.decide({ method: grantMethod, params }, { request, bend: bend2026, answer })
        } finally {
          wallet.busy = undefined
        }
      },
      wallet_getGrantedExecutionPermissions: () => [...granted],
      wallet_getSupportedExecutionPermissions: () =>
        Object.fromEntries(metaMaskTypes.map((type) => [type, { chainIds: [numberToHex(wallet.chainId)], ruleTypes: [...metaMaskRules] }])),
      wallet_getCapabilities: () => ({ [numberToHex(wallet.chainId)]: { atomic: { status: 'supported' } } }),
      // MIP-2: takes the accounts from the site, and ends no session.
      wallet_revokePermissions(params) {
        if (!v.is(mip2, params)) throw invalidParams('Invalid params')
        disconnect(wallet)
        return null
      },
    }
  },

  unknownMethod: (method) => rpcError(-32601, `The method "${method}" does not exist / is not available.`),
} as const satisfies MockDialect

const mip2 = v.strictTuple([v.strictObject({ eth_accounts: v.strictObject({}) })])

async function grantOne(wallet: MockWalletState, request: MetaMaskRequest) {
  const data = { ...request.permission.data, startTime: request.permission.data['startTime'] ?? Math.floor(Date.now() / 1000) }
  const granted = { ...request, from: wallet.account, permission: { ...request.permission, data } }
  return {
    ...granted,
    context: await signContext(wallet, { delegate: request.to, caveats: caveatsOf(granted) }),
    dependencies: [],
    delegationManager: framework.DelegationManager,
  }
}

function caveatsOf({ permission, rules }: MetaMaskRequest) {
  const addresses = (type: string) => (rules.find((rule) => rule.type === type)?.data['addresses'] ?? []) as Address[]
  const [payee] = addresses('payee')
  const expiry = rules.find(({ type }) => type === 'expiry')?.data['timestamp'] as number | undefined
  const granted = { ...permissionOf(permission), ...(payee ? { payee } : {}) }
  if ('perSecond' in granted && granted.max <= granted.initial) {
    throw rpcError(-32603, `Invalid ${granted.type} permission: maxAmount must be greater than initialAmount.`)
  }
  return metaMaskCaveats(granted, expiry, 0n, addresses('redeemer'))
}

type Data = {
  tokenAddress: Address
  startTime: number
  allowanceAmount: Hex
  periodAmount: Hex
  periodDuration: number
  initialAmount: Hex
  maxAmount: Hex
  amountPerSecond: Hex
}

/** Read here a second time, so that an error of the kit's own reading does not hide. */
function permissionOf({ type, data }: MetaMaskRequest['permission']): MetaMaskPermission {
  const { tokenAddress: token, startTime, ...amounts } = data as Data
  switch (type) {
    case 'erc20-token-allowance':
      return { type, token, limit: BigInt(amounts.allowanceAmount), startTime }
    case 'native-token-allowance':
      return { type, limit: BigInt(amounts.allowanceAmount), startTime }
    case 'erc20-token-periodic':
      return { type, token, limit: BigInt(amounts.periodAmount), period: amounts.periodDuration, startTime }
    case 'native-token-periodic':
      return { type, limit: BigInt(amounts.periodAmount), period: amounts.periodDuration, startTime }
    case 'erc20-token-stream':
      return { type, token, ...stream(amounts), startTime }
    case 'native-token-stream':
      return { type, ...stream(amounts), startTime }
    default:
      return type satisfies never
  }
}

function stream({ initialAmount, maxAmount, amountPerSecond }: Pick<Data, 'initialAmount' | 'maxAmount' | 'amountPerSecond'>) {
  return { initial: BigInt(initialAmount), max: BigInt(maxAmount), perSecond: BigInt(amountPerSecond) }
}
