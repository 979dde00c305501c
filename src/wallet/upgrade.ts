import { concatHex, getAddress, slice, type Address, type Hash, type LocalAccount, type SignedAuthorization } from 'viem'
import { sendTransaction } from 'viem/actions'
import { framework } from '../delegation/framework.js'
import { CannotUpgradeAccountError, ForeignAccountCodeError, NoGasError } from './errors.js'
import type { WalletContext } from './walletContext.js'

/** What an account's code begins with once it is delegated. @see EIP-7702 */
const delegationPrefix = '0xef0100'
const upgradedCode = concatHex([delegationPrefix, framework.EIP7702StatelessDeleGatorImpl]).toLowerCase()

/**
 * Whether the account is still a plain one.
 * @throws {ForeignAccountCodeError} it runs other code than the wallet's
 */
export async function needsUpgrade({ client }: WalletContext, account: Address): Promise<boolean> {
  const code = (await client.getCode({ address: account }))?.toLowerCase()
  if (!code || code === '0x') return true
  if (code === upgradedCode) return false
  const delegated = code.startsWith(delegationPrefix) && code.length === upgradedCode.length
  throw new ForeignAccountCodeError({ account, implementation: delegated ? getAddress(slice(code as Address, 3)) : undefined })
}

/**
 * Makes the account a smart account if it is not one, and returns once the chain shows it.
 *
 * @throws {ForeignAccountCodeError} it runs other code than the wallet's
 * @throws {CannotUpgradeAccountError} the owner cannot sign the authorization, or it took no effect
 * @throws {NoGasError} nobody pays
 * @see EIP-7702
 */
export function ensureUpgraded(context: WalletContext): Promise<void> {
  return context.ownerTurn(async () => {
    const owner = await context.owner()
    const account = owner.address
    if (!(await needsUpgrade(context, account))) return
    const transactionHash = context.sponsor ? await upgradeSponsored(context, owner) : await upgradeSelfPaid(context, owner)
    await context.client.waitForTransactionReceipt({ hash: transactionHash })
    // An authorization with a stale nonce is skipped without failing the transaction: only the code tells.
    if (await needsUpgrade(context, account)) throw new CannotUpgradeAccountError({ account, reason: 'the authorization took no effect' })
  })
}

async function upgradeSponsored({ chain, client, sponsor }: WalletContext, owner: LocalAccount): Promise<Hash> {
  const nonce = await client.getTransactionCount({ address: owner.address, blockTag: 'pending' })
  const authorization = await authorize(owner, chain.id, nonce)
  const sent = await sponsor?.send({ chainId: chain.id, to: owner.address, data: '0x', authorizationList: [authorization] })
  if (!sent) throw new Error('There is no sponsor.')
  return sent.transactionHash
}

async function upgradeSelfPaid(context: WalletContext, owner: LocalAccount): Promise<Hash> {
  const { chain, client } = context
  await requireGas(context, owner.address)
  const nonce = await client.getTransactionCount({ address: owner.address, blockTag: 'pending' })
  // The transaction itself uses one nonce before the authorization is looked at.
  const authorization = await authorize(owner, chain.id, nonce + 1)
  return sendTransaction(client, {
    account: owner,
    chain,
    to: owner.address,
    data: '0x',
    nonce,
    authorizationList: [authorization],
  })
}

/** @throws {NoGasError} */
export async function requireGas({ chain, client }: WalletContext, account: Address): Promise<void> {
  if ((await client.getBalance({ address: account })) > 0n) return
  throw new NoGasError({ account, symbol: chain.nativeCurrency.symbol })
}

async function authorize(owner: LocalAccount, chainId: number, nonce: number): Promise<SignedAuthorization> {
  if (!owner.signAuthorization) {
    throw new CannotUpgradeAccountError({ account: owner.address, reason: 'its signer has no signAuthorization' })
  }
  return owner.signAuthorization({ address: framework.EIP7702StatelessDeleGatorImpl, chainId, nonce })
}
