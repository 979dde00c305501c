import type { Client } from 'viem'
import { readUsage, type PermissionDelegation, type ReadUsageReturnType } from './usage.js'

type Question = { delegated: readonly PermissionDelegation[]; resolve: (read: ReadUsageReturnType) => void; reject: (error: Error) => void }

/** Sessions on one screen are read from the store one after the other, some milliseconds apart. */
const waitForMs = 4

const questionsByClient = new WeakMap<Client, Question[]>()

/** {@link readUsage}, and what several ask of one chain in the same moment is asked once, of one block. */
export function readUsageTogether(client: Client, delegated: readonly PermissionDelegation[]): Promise<ReadUsageReturnType> {
  return new Promise((resolve, reject) => {
    const question = { delegated, resolve, reject }
    const waiting = questionsByClient.get(client)
    if (waiting) {
      waiting.push(question)
      return
    }
    const questions = [question]
    questionsByClient.set(client, questions)
    setTimeout(() => {
      questionsByClient.delete(client)
      void answer(client, questions)
    }, waitForMs)
  })
}

async function answer(client: Client, questions: readonly Question[]): Promise<void> {
  const all = questions.flatMap(({ delegated }) => delegated)
  try {
    const { usages, asOf } = await readUsage(client, all)
    let position = 0
    for (const { delegated, resolve } of questions) resolve({ usages: usages.slice(position, (position += delegated.length)), asOf })
  } catch (error) {
    const [only, ...others] = questions
    if (only && others.length === 0) only.reject(error as Error)
    // One that cannot be read is in nobody else's way.
    else for (const { delegated, resolve, reject } of questions) readUsage(client, delegated).then(resolve, reject)
  }
}
