import type { Page } from 'playwright-core'
import { isAddressEqual, recoverTypedDataAddress, type Address, type Hex } from 'viem'
import { readContract } from 'viem/actions'
import { delegationManagerAbi } from '../../src/delegation/abis.js'
import { decodeContext } from '../../src/delegation/context.js'
import { hashDelegation } from '../../src/delegation/delegation.js'
import { framework } from '../../src/delegation/framework.js'
import type { Signed } from './page/harnessApi.js'
import { proof } from './proof.js'
import type { HarnessServer } from './startHarness.js'

/**
 * What is wrong with the browser's keys for these addresses; nothing where each of them signs, as exactly that address.
 * @param store another one than the page's own
 */
export async function lostKeys(page: Page, addresses: readonly Address[], store?: string): Promise<ReadonlyMap<Address, string>> {
  const signed = await page.evaluate(([wanted, name]) => window.harness.sign(wanted, name), [addresses, store] as const)
  const lost = new Map<Address, string>()
  for (const [index, address] of addresses.entries()) {
    const problem = await problemOf(address, signed[index])
    if (problem !== undefined) lost.set(address, problem)
  }
  return lost
}

async function problemOf(address: Address, signed: Signed | undefined): Promise<string | undefined> {
  if (!signed) return 'the page said nothing of it'
  if ('problem' in signed) return signed.problem
  const signer = await recoverTypedDataAddress({ ...proof, signature: signed.signature })
  return isAddressEqual(signer, address) ? undefined : `it signs as ${signer}`
}

/** Whether the chain would refuse all of it: every one of the contexts is disabled. */
export async function isRevoked({ chain }: HarnessServer, contexts: readonly Hex[]): Promise<boolean> {
  const disabled = await Promise.all(contexts.map((context) => isDisabled(chain, context)))
  return disabled.every(Boolean)
}

function isDisabled({ client }: HarnessServer['chain'], context: Hex): Promise<boolean> {
  const root = decodeContext(context).at(-1)
  if (!root) throw new Error('A granted context holds no delegation.')
  return readContract(client, {
    address: framework.DelegationManager,
    abi: delegationManagerAbi,
    functionName: 'disabledDelegations',
    args: [hashDelegation(root)],
  })
}
