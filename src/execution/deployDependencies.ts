import type { Address, Client, Hex, LocalAccount } from 'viem'
import { sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import type { Dependency } from '../dialects/dialect.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import { hasCode } from './hasCode.js'

/** The account that granted is not deployed yet, and what would deploy it may not be called, or did not help. */
export class AccountNotDeployedError extends SessionKeyError {
  override readonly name = 'AccountNotDeployedError'
  constructor({ account, factory, reason }: { account: Address; factory: Address; reason: string }) {
    super(`The account ${account} is not deployed yet, and its factory ${factory} does not help: ${reason}.`, {
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

/** More than any account needs: each is a transaction that somebody pays for. */
const maxDependencies = 10

/**
 * Makes sure that the granting account is there. What a wallet names as `dependencies` is anybody's calldata, so only factories
 * that the app allowed are called, none before all of them were looked at, and no more of them than it takes.
 * @throws {AccountNotDeployedError}
 * @see ERC-7715 `dependencies`
 */
export async function deployDependencies({ client, account, dependencies, allowedFactories, payer }: DeployDependenciesParameters): Promise<void> {
  const [first, ...others] = withoutRepeats(dependencies)
  if (!first || (await isDeployed(client, account))) return
  const wanted = [first, ...others]
  const allowed = new Set(allowedFactories.map((factory) => factory.toLowerCase()))
  const refuse = ({ factory }: Dependency, reason: string) => new AccountNotDeployedError({ account, factory, reason })
  if (wanted.length > maxDependencies) throw refuse(first, `the wallet names ${wanted.length} dependencies, and ${maxDependencies} are called at most`)
  const stranger = wanted.find(({ factory }) => !allowed.has(factory.toLowerCase()))
  if (stranger) throw refuse(stranger, 'it is not in allowedFactories')
  if (!payer) throw refuse(first, 'only the direct lane can pay for it')
  for (const one of wanted) {
    const called = await call(client, payer, { to: one.factory, data: one.factoryData })
    // Whoever else deployed it meanwhile, and made the call revert: it is there.
    if (await hasCode(client, account)) return
    if (!called) throw refuse(one, 'the call of it reverted')
  }
  throw refuse(wanted.at(-1) as Dependency, 'it was called, and the account is still not there')
}

const deployed = new WeakMap<Client, Set<Address>>()

/** A contract that was seen is not asked for again. */
async function isDeployed(client: Client, account: Address): Promise<boolean> {
  const seen = deployed.get(client) ?? new Set()
  deployed.set(client, seen)
  if (seen.has(account)) return true
  const isThere = await hasCode(client, account)
  if (isThere) seen.add(account)
  return isThere
}

/** Each of several permissions names the same ones. */
function withoutRepeats(dependencies: readonly Dependency[]): readonly Dependency[] {
  return [...new Map(dependencies.map((one) => [`${one.factory}${one.factoryData}`.toLowerCase(), one])).values()]
}

async function call(client: Client, payer: LocalAccount, request: { to: Address; data: Hex }): Promise<boolean> {
  const hash = await sendTransaction(client, { account: payer, chain: client.chain, ...request })
  return (await waitForTransactionReceipt(client, { hash })).status === 'success'
}
