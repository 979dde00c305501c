import { KeyNotHereError } from '../keys/errors.js'
import type { SessionSigner } from '../keys/sessionSigner.js'
import { signerOf } from '../keys/storedKey.js'
import { bindingOf } from './openSession.js'
import type { Session } from './session.js'
import type { SessionStore } from './store.js'

/** Signs as the session; opens its key for each signature. @throws {KeyNotHereError} */
export async function openSigner(store: SessionStore, session: Session): Promise<SessionSigner> {
  const opened = await store.getKey(session.id)
  if (!opened) throw new KeyNotHereError({ address: session.address })
  return signerOf(opened.key, opened.wrappingKey, { ...bindingOf(session), address: session.address })
}
