import { erc7710WalletActions } from '@metamask/smart-accounts-kit/actions'
import { createWalletClient, encodeFunctionData, erc20Abi, http, parseUnits, type Address, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { base } from 'viem/chains'
import { gold, shop } from './addresses.js'

const account = privateKeyToAccount(process.env['SESSION_KEY'] as Hex)
const client = createWalletClient({ account, chain: base, transport: http() }).extend(erc7710WalletActions())

/** Charges once: the chain refuses a second 20 GOLD in the same period. The server's key pays for gas. */
export function charge({ context, delegationManager }: { context: Hex; delegationManager: Address }): Promise<Hex> {
  return client.sendTransactionWithDelegation({
    account,
    chain: base,
    to: gold,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [shop, parseUnits('20', 18)] }),
    permissionContext: context,
    delegationManager,
  })
}
