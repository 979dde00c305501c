import type { ChildProcess } from 'node:child_process'

export type KillWithParentOptions = {
  /** false: on a signal the program decides; the child ends when it exits. @default true */
  onSignal?: boolean | undefined
}

/**
 * Ends the child when this process ends, however it ends. Only SIGKILL of this process cannot be answered: then the
 * child stays, because nothing of ours runs any more.
 *
 * @returns lets go of the child; call it once the child is gone
 */
export function killWithParent(child: ChildProcess, { onSignal = true }: KillWithParentOptions = {}): () => void {
  if (children.size === 0) process.on('exit', killAll)
  children.add(child)
  if (onSignal) {
    if (endedBySignal.size === 0) listen()
    endedBySignal.add(child)
  }
  return () => {
    if (children.delete(child) && children.size === 0) process.off('exit', killAll)
    if (endedBySignal.delete(child) && endedBySignal.size === 0) unlisten()
  }
}

const children = new Set<ChildProcess>()
const endedBySignal = new Set<ChildProcess>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function killAll() {
  for (const child of children) child.kill('SIGKILL')
}

function handle(signal: NodeJS.Signals) {
  for (const child of endedBySignal) child.kill('SIGKILL')
  unlisten()
  // Listening took away node's default, which is to die of the signal. Give it back, unless someone else decides.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

function listen() {
  // First in line: whoever counts listeners to decide about re-raising must no longer see ours.
  for (const signal of signals) process.prependListener(signal, handle)
}

function unlisten() {
  for (const signal of signals) process.off(signal, handle)
}
