import { redactText } from '../../dialects/redactWire.js'
import type { Session } from '../../sessions/session.js'

/** What a wallet said may repeat what it granted. */
export function redactSessionText(text: string, { granted, handle }: Pick<Session, 'granted' | 'handle'>): string {
  return redactText(text, [...granted.flatMap(({ context }) => context ?? []), ...(handle === undefined ? [] : [handle])])
}
