import { getAddress, isAddressEqual, type Address, type Hex } from 'viem'
import { getBlock } from 'viem/actions'
import { getChainClient } from '../../actions/createSessionKeyConfig.js'
import { hashDelegation } from '../../delegation/delegation.js'
import { hashPermissions } from '../../permissions/hashPermissions.js'
import { resolveRequest } from '../../permissions/resolveRequest.js'
import { enrolledId } from '../../sessions/enrolledId.js'
import type { EnrolmentRequest } from '../../sessions/enrolmentWire.js'
import type { Session, SessionId } from '../../sessions/session.js'
import { usableStatuses } from '../../sessions/status.js'
import type { Server } from '../openServer.js'
import { AgentRowChangedError } from '../store/agentStore.js'
import { noteEnrolment } from '../store/enrolmentLog.js'
import { askChain } from './askChain.js'
import { findDefinition, mostAsked, type DefinitionSource, type EnrolmentUser } from './askedTerms.js'
import { judgeEnrolment } from './judgeEnrolment.js'
import { EnrolmentRefusedError } from './refusal.js'

type EnrolParameters = { definitions: DefinitionSource; user: EnrolmentUser; wanted: Extract<EnrolmentRequest, { action: 'enrol' }> }

export type Enrolled = {
  session: Session
  /** It was not there before. */
  isNew: boolean
}

/**
 * Takes what a browser says was granted: only what was asked for, to this user's own key, by an account of the user, signed, in force, and not
 * enrolled before. The same again, after a lost answer, is answered with the session that it made.
 * @throws {EnrolmentRefusedError} nothing was stored
 */
export async function enrol(server: Server, { definitions, user, wanted }: EnrolParameters): Promise<Enrolled> {
  const chainIds = server.wagmi.chains.map(({ id }) => id)
  const definition = await findDefinition({ definitions, user, wanted, chainIds })
  const { chainId, account } = wanted
  const address = await server.keys.addressOf(user.id)
  const client = getChainClient(server, chainId)
  const { timestamp } = await getBlock(client, { includeTransactions: false })
  const now = Number(timestamp)
  const { granted, expiry, roots } = judgeEnrolment({ wanted, address, asked: mostAsked(definition, { account, now }) })
  const hashes = roots.map(hashDelegation)
  const id = enrolledId(chainId, hashes)
  const known = await server.sessions.get(id)
  if (known?.status !== undefined && known.status !== 'requested' && known.status !== 'granted') return { session: standing(known, address), isNew: false }
  await requireUnclaimed(server, { id, chainId, hashes })
  await askChain(client, { chainId, account, permissions: granted.map(({ permission }) => permission), roots, expiry })

  await claim(server, { id, chainId, hashes })
  const requested =
    known ??
    (await server.sessions.open(
      {
        id,
        name: wanted.session,
        permissionsHash: hashPermissions(definition.permissions),
        dialect: 'erc7715',
        origin: 'server',
        chainId,
        account: getAddress(account),
        asked: resolveRequest(definition, now),
        expiry,
      },
      { external: address, lifetimeSeconds: expiry - now },
    ))
  const answered = requested.status === 'granted' ? requested : await server.sessions.transition(requested, 'granted', { granted })
  await noteEnrolment(server.store, id)
  return { session: await server.sessions.transition(answered, 'active', { granted, expiry }), isNew: true }
}

/** Enrolled already: by this user, and still usable. */
function standing(session: Session, address: Address): Session {
  if (isAddressEqual(session.address, address) && usableStatuses.includes(session.status)) return session
  throw new EnrolmentRefusedError('already-enrolled', `This grant was enrolled before, and is ${session.status}.`)
}

type Claim = { id: SessionId; chainId: number; hashes: readonly Hex[] }

async function requireUnclaimed(server: Server, { id, chainId, hashes }: Claim): Promise<void> {
  for (const hash of hashes) {
    const row = await server.store.get('grant', grantId(chainId, hash))
    if (row && row.group !== id) throw new EnrolmentRefusedError('already-enrolled', 'A delegation of this grant is enrolled already.')
  }
}

/** One delegation is one session's: two would count on the same limit. */
async function claim(server: Server, { id, chainId, hashes }: Claim): Promise<void> {
  for (const hash of hashes) {
    try {
      await server.store.put({ kind: 'grant', id: grantId(chainId, hash), rev: 0, group: id, open: false, body: '{}' })
    } catch (error) {
      if (!(error instanceof AgentRowChangedError)) throw error
      // Another process, for the same session or for another one.
      await requireUnclaimed(server, { id, chainId, hashes: [hash] })
    }
  }
}

function grantId(chainId: number, hash: Hex): string {
  return `${chainId}:${hash}`
}
