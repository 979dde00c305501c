import { numberToHex } from 'viem'
import * as v from 'valibot'
import { address, chainId } from '../dialects/wire/primitives.js'
import { permissionTypes2024 } from './permissions2024.js'
import { requireAccount } from './requestChecks.js'
import { parseParams } from './rpcErrors.js'
import type { WalletContext } from './walletContext.js'

const request = v.union([
  v.tuple([v.nullish(address), v.nullish(v.array(chainId))]),
  v.tuple([v.nullish(address)]),
  v.tuple([]),
  v.undefined(),
])

/** `wallet_getCapabilities`. @see ERC-5792; `permissions` as in ERC-7715's first text */
export async function walletCapabilities(context: WalletContext, params: unknown): Promise<Record<string, unknown>> {
  const [account, chainIds] = parseParams(request, params) ?? []
  if (account) await requireAccount(context, account)
  const { chain } = context
  if (chainIds && !chainIds.includes(chain.id)) return {}
  return {
    [numberToHex(chain.id)]: {
      atomic: { status: 'supported' },
      permissions: { supported: true, signerTypes: ['account'], keyTypes: ['secp256k1'], permissionTypes: permissionTypes2024 },
    },
  }
}
