import { getAddress, padHex, type Address, type Hex } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { encodeContext } from '../delegation/context.js'
import { randomSalt } from '../delegation/delegation.js'
import { framework, rootAuthority } from '../delegation/framework.js'
import type { GrantedPermission } from '../delegation/grantedPermission.js'
import { permissionCaveats } from '../delegation/permissionCaveats.js'
import { hashPermissions } from '../permissions/hashPermissions.js'
import { defaultSessionName } from '../permissions/defineSession.js'
import type { Permission } from '../permissions/permission.js'
import type { Session } from '../sessions/session.js'
import type { SessionStatus } from '../sessions/status.js'

export type MockSessionParameters = Partial<Session> & {
  /** What was asked for and, where the status has it, granted. Default: ten swords, and 1000 tokens of 18 decimals. */
  permissions?: readonly Permission[] | undefined
}

/** Of sessions that do not say whose they are, or on which chain: `createTestWrapper` puts the wallet's in their place. */
export const mockAccount = getAddress('0xacc0000000000000000000000000000000000000')
export const mockChainId = 31_337

/** The keys of mock sessions, by address. Good for nothing but tests: they guard nothing. */
const privateKeys = new Map<Address, Hex>()

/** The private key of a session that `mockSession` made; undefined where the address was given. */
export function mockSessionKey({ address }: Pick<Session, 'address'>): Hex | undefined {
  return privateKeys.get(address)
}

/**
 * A session as it is stored, in any state; each with an id and a key of its own. Its delegations say what it says, and nobody has
 * signed them.
 *
 * @example mockSession({ status: 'expired', name: 'shopping' })
 */
export function mockSession({ permissions: wanted = defaultPermissions, ...given }: MockSessionParameters = {}): Session {
  const { status = 'active', account = mockAccount, address = newKey(), dialect = 'erc7715' } = given
  const now = Date.now()
  const expiry = given.expiry ?? Math.floor(now / 1000) + (status === 'expired' ? -hourSeconds : 3 * daySeconds)
  const permissions = (given.asked?.permissions ?? wanted).map((permission) => started(permission, now))
  const left = status === 'quarantined' ? { grantedExpiry: expiry + daySeconds, problem: 'expiry goes beyond the request' } : traces[status]
  const answer = () => mockGrant({ permissions, account, address, expiry: given.grantedExpiry ?? left.grantedExpiry ?? expiry, dialect })
  return {
    id: crypto.randomUUID(),
    v: 2,
    rev: 0,
    name: defaultSessionName,
    permissionsHash: hashPermissions(wanted),
    origin: globalThis.location?.origin ?? 'http://localhost',
    chainId: mockChainId,
    createdAt: now,
    updatedAt: now,
    asked: { permissions, expiry },
    granted: [],
    ...left,
    ...(answered.includes(status) ? answer() : {}),
    ...defined(given),
    ...{ status, account, address, dialect, expiry },
  }
}

const daySeconds = 86_400
const hourSeconds = 3_600

const sword: Address = '0x0000000000000000000000000000000000005401'
const gold: Address = '0x0000000000000000000000000000000000006011'
const defaultPermissions: readonly Permission[] = [
  { type: 'contract-call', address: sword, functions: [{ signature: 'mint(address to)' }], callLimit: 10, valueLimit: 0n },
  { type: 'erc20-token-allowance', token: gold, limit: 1000n * 10n ** 18n },
]

/** The wallet has said what it granted. */
const answered: readonly SessionStatus[] = ['active', 'exhausted', 'quarantined', 'revoking', 'revoked', 'expired']

/** What each state leaves behind. */
const traces: Record<SessionStatus, Pick<Session, 'problem' | 'revocation' | 'grantedExpiry' | 'outcome'>> = {
  requested: {},
  granted: {},
  active: {},
  exhausted: {},
  rejected: { problem: 'User rejected the request.' },
  unknown: { problem: 'The wallet did not answer.' },
  quarantined: {},
  revoking: {},
  revoked: { revocation: { transactionHash: padHex('0x1', { size: 32 }), blockNumber: 1n } },
  expired: {},
  purged: { outcome: 'expired' },
}

function newKey(): Address {
  const privateKey = generatePrivateKey()
  const address = privateKeyToAddress(privateKey)
  privateKeys.set(address, privateKey)
  return address
}

/** Periods and streams begin when they are granted. */
function started(permission: Permission, now: number): Permission {
  const begins = 'period' in permission || 'perSecond' in permission
  return begins && permission.startTime === undefined ? { ...permission, startTime: Math.floor(now / 1000) } : permission
}

type Terms = Pick<Session, 'account' | 'address' | 'expiry' | 'dialect'> & { permissions: readonly Permission[] }

/** How wallets name a grant that is no delegation. */
const handles: Record<string, (address: Address) => string> = {
  openfort: (address) => `ses_${address.slice(2, 18).toLowerCase()}`,
  porto: (address) => address.toLowerCase(),
  'erc7715-2024': (address) => padHex(address, { size: 96 }).toLowerCase(),
}

/** What a wallet of the dialect would have answered; delegations would be the right ones if they were signed. */
export function mockGrant({ permissions, dialect, ...terms }: Terms): Pick<Session, 'granted' | 'handle'> {
  const handle = handles[dialect]
  if (handle) return { granted: permissions.map((permission) => ({ permission })), handle: handle(terms.address) }
  return { granted: permissions.map((permission) => unsigned(permission, terms)) }
}

function unsigned(permission: Permission, { account, address, expiry }: Pick<Terms, 'account' | 'address' | 'expiry'>): GrantedPermission {
  const delegation = {
    delegate: address,
    delegator: account,
    authority: rootAuthority,
    caveats: permissionCaveats(permission, expiry),
    salt: randomSalt(),
    signature: padHex('0x', { size: 65 }),
  } as const
  return { permission, context: encodeContext([delegation]), delegationManager: framework.DelegationManager }
}

/** What is given as undefined is not given. */
function defined<value extends object>(value: value): Partial<value> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<value>
}
