import { isAddressEqual, type Address } from 'viem'
import { decodeContext } from '../delegation/context.js'
import { isDelegated, type DelegatedPermission, type GrantedPermission } from '../delegation/grantedPermission.js'
import { createWrappedKey, generateWrappingKey } from '../keys/wrappedSecp256k1.js'
import { isKeyless, type Session } from '../sessions/session.js'
import type { SessionStore } from '../sessions/store.js'
import { mockAccount, mockChainId, mockGrant, mockSessionKey } from './mockSession.js'

type Owner = { account: Address; chainId: number }

/**
 * A store that has these sessions, with their keys, before anybody reads it. Sessions that do not say whose they are get `owner`;
 * those whose address was given have their key elsewhere.
 */
export function seededStore(store: SessionStore, sessions: readonly Session[], owner: Owner): SessionStore {
  const seeded = Promise.all(sessions.map((session) => seed(store, adopt(session, owner))))
  // Whoever reads the store is told.
  seeded.catch(() => undefined)
  const afterwards =
    <parameters extends unknown[], result>(method: (...parameters: parameters) => Promise<result>) =>
    async (...parameters: parameters): Promise<result> => {
      await seeded
      return method(...parameters)
    }
  return {
    persistence: store.persistence,
    create: afterwards(store.create),
    get: afterwards(store.get),
    list: afterwards(store.list),
    put: afterwards(store.put),
    getKey: afterwards(store.getKey),
    getWrappingKey: afterwards(store.getWrappingKey),
    subscribe: store.subscribe,
    history: store.history && {
      put: afterwards(store.history.put),
      list: afterwards(store.history.list),
      subscribe: store.history.subscribe,
    },
  }
}

async function seed(store: SessionStore, session: Session): Promise<void> {
  const privateKey = isKeyless(session) ? undefined : mockSessionKey(session)
  const wrappingKey = privateKey && (await store.getWrappingKey(generateWrappingKey))
  await store.create(session, wrappingKey && (await createWrappedKey(wrappingKey, session, privateKey)))
}

function adopt(session: Session, owner: Owner): Session {
  const account = isAddressEqual(session.account, mockAccount) ? owner.account : session.account
  const chainId = session.chainId === mockChainId ? owner.chainId : session.chainId
  const expiry = session.grantedExpiry ?? session.expiry
  const granted = session.granted.map((one): GrantedPermission => {
    if (!isOfMockAccount(one)) return one
    const [again] = mockGrant({ ...session, account, expiry, permissions: [one.permission] }).granted
    return again && isDelegated(again) ? { ...one, context: again.context } : one
  })
  return { ...session, account, chainId, granted }
}

function isOfMockAccount(granted: GrantedPermission): granted is DelegatedPermission {
  if (!isDelegated(granted)) return false
  try {
    return decodeContext(granted.context).every(({ delegator }) => isAddressEqual(delegator, mockAccount))
  } catch {
    return false
  }
}
