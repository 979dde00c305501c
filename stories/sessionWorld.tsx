import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement, type ReactNode } from 'react'
import { createMemoryStore, getPermissionUsageQueryKey, type ActionOutcome, type CallMade, type GetPermissionUsageReturnType, type PermissionMetadata, type Session, type SessionAction } from '../src/index.js'
import { erc20Allowance, erc20Periodic } from '../src/permissions/tokenPermissions.js'
import type { Permission } from '../src/permissions/permission.js'
import { usablePermissions } from '../src/sessions/session.js'
import { createTestWrapper, mockChain, mockSession, mockWallet, type CreateTestWrapperParameters, type MockChain, type MockSessionParameters, type TestWrapper } from '../src/testing/index.js'

/** Sunday 22 November 2026, 18:00 in Berlin. */
export const now = Date.UTC(2026, 10, 22, 17) / 1000
export const hour = 3_600
export const day = 86_400

export const sword = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
export const gold = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
export const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'

export const metadata: PermissionMetadata = {
  [sword.toLowerCase()]: { name: 'Sword', symbol: 'SWORD' },
  [gold.toLowerCase()]: { name: 'Gold', symbol: 'GOLD', decimals: 18 },
  [usdc.toLowerCase()]: { name: 'USD Coin', symbol: 'USDC', decimals: 6 },
}

export const mint: Permission = { type: 'contract-call', address: sword, functions: [{ signature: 'mint(address to)' }], callLimit: 50, valueLimit: 0n }
export const spend = erc20Allowance({ token: gold, limit: 1000n * 10n ** 18n })
export const weekly: Permission = { ...erc20Periodic({ token: usdc, limit: 100n * 10n ** 6n, period: { days: 7 } }), startTime: now - 3 * day }

/** A session of this moment: it was granted two hours ago and ends in three days. */
export function shopping(given: MockSessionParameters = {}): Session {
  const createdAt = (now - 2 * hour) * 1000
  return mockSession({ name: 'shopping', origin: 'https://sword-shop.example', permissions: [mint, spend], expiry: now + 3 * day, createdAt, updatedAt: createdAt, ...given })
}

/** What the chain would say; `left` in the order of the permissions. */
export function usageOf(session: Session, left: readonly (number | bigint | undefined)[]): GetPermissionUsageReturnType {
  return {
    permissions: usablePermissions(session).map((permission, index) => ({
      permission,
      disabled: false,
      waiting: false,
      ...(permission.type === 'contract-call' && permission.callLimit !== undefined
        ? { calls: { limit: permission.callLimit, left: left[index] === undefined ? undefined : Number(left[index]) } }
        : {}),
      ...('limit' in permission ? { amount: { limit: permission.limit, left: BigInt(left[index] ?? 0) } } : {}),
    })),
    counted: left.every((one) => one !== undefined),
    revoked: false,
    expired: false,
    asOf: { blockNumber: 4_217n, timestamp: now },
  }
}

/** What a session did so long ago. */
export function did(session: Session, secondsAgo: number, calls: readonly CallMade[], outcome: ActionOutcome): SessionAction {
  return { id: `${secondsAgo} seconds ago`, v: 1, session: session.id, at: (now - secondsAgo) * 1000, calls, outcome }
}
export const minted: CallMade = { to: sword, selector: '0x6a627842', functionName: 'mint', value: 0n }
export const paid = (amount: bigint): CallMade => ({ to: gold, selector: '0xa9059cbb', functionName: 'transfer', value: 0n, tokenAmount: amount * 10n ** 18n })
export const done = { status: 'done', transactionHash: `0x${'7a3f'.repeat(16)}` } satisfies ActionOutcome

/** The mock chain, with a block explorer. Nothing is fetched from it: a link is followed by whoever presses it. */
export function explorableChain(): MockChain {
  const { chain, transport } = mockChain({ timestamp: now })
  return { chain: { ...chain, blockExplorers: { default: { name: 'Explorer', url: 'https://explorer.example/' } } }, transport }
}

export type WorldParameters = CreateTestWrapperParameters & {
  /** What the chain says is left, by session id. It is taken as read: the mock chain counts nothing. */
  usage?: { readonly [id: string]: GetPermissionUsageReturnType } | undefined
  /** What its sessions did before, the oldest first. */
  history?: readonly SessionAction[] | undefined
}

/** A wallet that keeps what it is told, on a chain that stands at `now`. */
export function createWorld({ usage = {}, history = [], wallet = mockWallet({ chain: mockChain({ timestamp: now }) }), store, ...parameters }: WorldParameters = {}): TestWrapper {
  const Wrapper = createTestWrapper({ wallet, store: store ?? durableStore(), ...parameters })
  for (const action of history) Wrapper.config.sessions.histories.note(action)
  function World({ children }: { children?: ReactNode }): ReactElement {
    return (
      <Wrapper>
        <Known usage={usage}>{children}</Known>
      </Wrapper>
    )
  }
  return Object.assign(World, { config: Wrapper.config })
}

/** One that says it keeps what it is given, so that no notice of the opposite shows. */
export function durableStore() {
  return { ...createMemoryStore(), persistence: 'durable' as const }
}

function Known({ usage, children }: Pick<WorldParameters, 'usage'> & { children: ReactNode }): ReactNode {
  const client = useQueryClient()
  useState(() => {
    client.setQueryDefaults(['permissionUsage'], { staleTime: Infinity })
    for (const [id, read] of Object.entries(usage ?? {})) client.setQueryData(getPermissionUsageQueryKey(id), read)
  })
  return children
}
