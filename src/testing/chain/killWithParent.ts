import type { ChildProcess } from 'node:child_process'

/**
 * Ends the child when this process ends, however it ends. Only SIGKILL of this process cannot be answered: then the
 * child stays, because nothing of ours runs any more.
 *
 * @returns lets go of the child; call it once the child is gone
 */
export function killWithParent(child: ChildProcess): () => void {
  if (children.size === 0) listen()
  children.add(child)
  return () => {
    if (children.delete(child) && children.size === 0) unlisten()
  }
}

const children = new Set<ChildProcess>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function killAll() {
  for (const child of children) child.kill('SIGKILL')
}

function onSignal(signal: NodeJS.Signals) {
  killAll()
  unlisten()
  // Listening took away node's default, which is to die of the signal. Give it back, unless someone else decides.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

function listen() {
  process.on('exit', killAll)
  // First in line: whoever counts listeners to decide about re-raising must no longer see ours.
  for (const signal of signals) process.prependListener(signal, onSignal)
}

function unlisten() {
  process.off('exit', killAll)
  for (const signal of signals) process.off(signal, onSignal)
}
