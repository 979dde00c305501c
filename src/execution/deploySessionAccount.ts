import type { Address, Client } from 'viem'
import { waitForTransactionReceipt } from 'viem/actions'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { ContractSigner } from '../keys/sessionSigner.js'
import { deliver } from './deliver.js'
import { hasCode } from './hasCode.js'
import type { RelayClient } from './relayClient.js'

/** The contract account that the session key acts through could not be deployed, so the call was not sent. */
export class SessionAccountNotDeployedError extends SessionKeyError {
  override readonly name = 'SessionAccountNotDeployedError'
  constructor({ address, cause }: { address: Address; cause?: Error | undefined }) {
    super(`The session's account ${address} is not deployed yet, and the relay did not deploy it.`, {
      cause,
      metaMessages: ['The call was not sent. Send it again, with a relay that pays for the deployment of session accounts: createRelay does.'],
    })
  }
}

type Deployment = { client: Client; chainId: number; signer: ContractSigner }

/**
 * Has a relay deploy the accounts of P-256 keys before they first act, each once. Who else deploys one does no harm: at its address
 * there can be no other account. An account that is there stays, so it is not asked for again.
 */
export function createAccountDeployer(relay: RelayClient, { receiptTimeoutMs }: { receiptTimeoutMs: number }): (deployment: Deployment) => Promise<void> {
  const deployed = new Map<string, Promise<void>>()

  async function deploy({ client, chainId, signer }: Deployment): Promise<void> {
    const { address, deployment } = signer
    if (await hasCode(client, address)) return
    const cause = await deliver(relay, { chainId, to: deployment.factory, data: deployment.factoryData })
      .then(({ transactionHash }) => waitForTransactionReceipt(client, { hash: transactionHash, timeout: receiptTimeoutMs, checkReplacement: false }))
      .then(() => undefined, (error: Error) => error)
    // The relay's word is not asked: it may have been another who deployed it.
    if (!(await hasCode(client, address))) throw new SessionAccountNotDeployedError({ address, cause })
  }

  return (deployment) => {
    const key = `${deployment.chainId}:${deployment.signer.address}`
    const known = deployed.get(key)
    if (known) return known
    const attempt = deploy(deployment)
    deployed.set(key, attempt)
    attempt.catch(() => deployed.delete(key))
    return attempt
  }
}
