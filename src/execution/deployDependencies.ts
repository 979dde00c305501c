import type { Address, Client, Hex, LocalAccount } from 'viem'
import { sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import type { Dependency } from '../dialects/dialect.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import { hasCode } from './hasCode.js'

/** The account that granted is not deployed yet, and what would deploy it may not be called. */
export class AccountNotDeployedError extends SessionKeyError {
  override readonly name = 'AccountNotDeployedError'
  constructor({ account, factory, reason }: { account: Address; factory: Address; reason: string }) {
    super(`The account ${account} is not deployed yet, and the kit does not call its factory ${factory}: ${reason}.`, {
      metaMessages: ['Let the user make any transaction first, or, for a factory you know: createSessionKeyConfig({ allowedFactories }).'],
    })
  }
}

export type DeployDependenciesParameters = {
  client: Client
  account: Address
  dependencies: readonly Dependency[]
  allowedFactories: readonly Address[]
  /** Pays for it; undefined where nobody does. */
  payer: LocalAccount | undefined
}

/**
 * Makes sure that the granting account is there. What a wallet names as `dependencies` is anybody's calldata, so only factories
 * that the app allowed are called.
 * @throws {AccountNotDeployedError}
 * @see ERC-7715 `dependencies`
 */
export async function deployDependencies({ client, account, dependencies, allowedFactories, payer }: DeployDependenciesParameters): Promise<void> {
  if (dependencies.length === 0 || (await hasCode(client, account))) return
  const allowed = new Set(allowedFactories.map((factory) => factory.toLowerCase()))
  for (const { factory, factoryData } of dependencies) {
    const refuse = (reason: string) => new AccountNotDeployedError({ account, factory, reason })
    if (!allowed.has(factory.toLowerCase())) throw refuse('it is not in allowedFactories')
    if (!payer) throw refuse('only the direct lane can pay for it')
    await call(client, payer, { to: factory, data: factoryData })
  }
}

async function call(client: Client, payer: LocalAccount, request: { to: Address; data: Hex }): Promise<void> {
  const hash = await sendTransaction(client, { account: payer, chain: client.chain, ...request })
  await waitForTransactionReceipt(client, { hash })
}
