import { concatHex, hexToBigInt, isAddressEqual, type Address, type SignedAuthorization } from 'viem'
import { getCode, getTransactionCount } from 'viem/actions'
import { recoverAuthorizationAddress } from 'viem/utils'
import { framework } from '../../delegation/framework.js'
import { relayErrorCode } from '../../execution/relayWire.js'
import type { RelayChainClient } from './relayChainClient.js'
import { RelayRpcError } from './relayRpcError.js'
import type { SponsoredCall } from './sponsoredCall.js'

const refuse = (reason: string) => new RelayRpcError(relayErrorCode.invalidAuthorizationList, reason)
/** It was good once. */
const outdated = (reason: string) => new RelayRpcError(relayErrorCode.invalidAuthorizationList, reason, { httpStatus: 409 })

/** An authorization with s in the upper half is skipped by the chain. @see EIP-7702 */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/**
 * At most one, to the stateless DeleGator, for this chain only, signed by an account that the call is about.
 * @throws {RelayRpcError} 4210
 */
export async function checkAuthorizations(
  client: RelayChainClient,
  authorizations: readonly SignedAuthorization[],
  call: SponsoredCall,
): Promise<void> {
  const [authorization, ...others] = authorizations
  if (!authorization) return
  if (others.length > 0) throw refuse('At most one authorization rides along.')
  if (!isAddressEqual(authorization.address, framework.EIP7702StatelessDeleGatorImpl)) {
    throw refuse(`An authorization must be to ${framework.EIP7702StatelessDeleGatorImpl}; this one is to ${authorization.address}.`)
  }
  // 0 would be good on every chain.
  if (authorization.chainId !== client.chain.id) throw refuse(`The authorization is for chain ${authorization.chainId}, not ${client.chain.id}.`)
  if (hexToBigInt(authorization.s) > halfOrder) throw refuse('The authorization’s signature is not in its low-s form.')
  const signer = await recover(authorization)
  if (!call.authorizers.some((account) => isAddressEqual(account, signer))) {
    throw refuse(`The authorization is signed by ${signer}, which this transaction does not act for.`)
  }
  if (call.isUpgrade) await checkTakesEffect(client, authorization, signer)
}

/** The chain skips an authorization with another nonce and includes the transaction all the same: gas for nothing. */
async function checkTakesEffect(client: RelayChainClient, authorization: SignedAuthorization, signer: Address): Promise<void> {
  const [nonce, code] = await Promise.all([
    getTransactionCount(client, { address: signer }),
    getCode(client, { address: signer }),
  ])
  if (code?.toLowerCase() === concatHex([delegationIndicator, authorization.address]).toLowerCase()) throw outdated(`${signer} is upgraded already.`)
  if (authorization.nonce !== nonce) throw outdated(`The authorization is for nonce ${authorization.nonce} of ${signer}, which is at ${nonce}.`)
}

/** The code of an account that has delegated. @see EIP-7702 */
const delegationIndicator = '0xef0100'

async function recover(authorization: SignedAuthorization): Promise<Address> {
  try {
    return await recoverAuthorizationAddress({ authorization })
  } catch {
    throw refuse('The authorization’s signature recovers to no account.')
  }
}
