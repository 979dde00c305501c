import type { SessionKeyConfig } from './createSessionKeyConfig.js'
import type { SessionSelector } from './getSessionKey.js'

/** The other sends that an app began in the same tick with the same session. */
export type Companions = {
  /** Resolves when each of them is as far, or is not sent at all, or has taken too long; in the order in which they were begun. At once for one alone. */
  ready(): Promise<void>
  /** This one goes no further. */
  leave(): void
}

/** Each reads its session and key from the store, some milliseconds apart. One that takes longer asks the chain, or somebody. */
const waitForMs = 50

type Member = { state: 'coming' | 'ready' | 'gone'; go: () => void }
type Group = { members: Member[]; timer: ReturnType<typeof setTimeout> | undefined }

const groupsByConfig = new WeakMap<SessionKeyConfig, Map<SessionSelector | undefined, Group>>()

/** Joins the sends of this tick, for the lane can put into one transaction what it gets at once. */
export function companionsOf(config: SessionKeyConfig, session: SessionSelector | undefined): Companions {
  const group = groupOf(config, session)
  const member: Member = { state: 'coming', go: () => undefined }
  group.members.push(member)

  function change(state: Member['state']) {
    member.state = state
    // After the last one, too, has begun to wait.
    if (group.members.every((one) => one.state !== 'coming')) queueMicrotask(() => letGo(group))
    else if (state === 'ready') group.timer ??= setTimeout(() => letGo(group), waitForMs)
  }

  return {
    ready: () =>
      new Promise((resolve) => {
        member.go = resolve
        change('ready')
      }),
    leave() {
      if (member.state === 'coming') change('gone')
    },
  }
}

function groupOf(config: SessionKeyConfig, session: SessionSelector | undefined): Group {
  const groups = groupsByConfig.get(config) ?? new Map<SessionSelector | undefined, Group>()
  groupsByConfig.set(config, groups)
  const open = groups.get(session)
  if (open) return open
  const fresh: Group = { members: [], timer: undefined }
  groups.set(session, fresh)
  // The tick's end: who comes later belongs to another group.
  setTimeout(() => groups.delete(session))
  return fresh
}

function letGo(group: Group): void {
  clearTimeout(group.timer)
  group.timer = undefined
  for (const { state, go } of group.members) if (state === 'ready') go()
}
