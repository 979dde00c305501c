import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Bundle } from '../../test/server/bundle.js'
import type { LookAnswer, LookOrder, LookQuestion } from './lookProcess.js'

export type LookProcess = {
  /** In ms, and how many came into the queue. */
  look(): Promise<{ ms: number; queued: number }>
  /** In MB, after all garbage was collected. */
  heap(): Promise<number>
  stop(): Promise<void>
}

/** A process of plain Node, with nothing of the bench in it. */
export function startLookProcess(program: Bundle, order: LookOrder): LookProcess {
  const child = fork(program.file, [], { execArgv: ['--expose-gc'], env: { ...process.env, ORDER: JSON.stringify(order) } })
  const ended = once(child, 'exit')

  async function ask(question: LookQuestion): Promise<LookAnswer> {
    child.send(question)
    const dead = ended.then(([code]) => Promise.reject(new Error(`A process that was to look ended with code ${String(code)}.`)))
    const [answer] = (await Promise.race([once(child, 'message'), dead])) as [LookAnswer]
    return answer
  }

  return {
    async look() {
      const answer = await ask('look')
      if ('ms' in answer) return answer
      throw new Error('It was asked to look.')
    },
    async heap() {
      const answer = await ask('heap')
      if ('heapMb' in answer) return answer.heapMb
      throw new Error('It was asked for its heap.')
    },
    async stop() {
      child.disconnect()
      await ended
    },
  }
}
