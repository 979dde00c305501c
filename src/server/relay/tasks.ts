import type { Hex, RpcTransactionReceipt } from 'viem'
import { relayStatusCode } from '../../execution/relayWire.js'

type TaskState =
  | { status: typeof relayStatusCode.pending }
  | { status: typeof relayStatusCode.submitted; hash: Hex }
  | { status: typeof relayStatusCode.success; receipt: RpcTransactionReceipt }
  | { status: typeof relayStatusCode.rejected; message: string }
  | { status: typeof relayStatusCode.reverted; data: Hex; message: string; receipt: RpcTransactionReceipt }

/** A task as `relayer_getStatus` tells it. */
export type TaskStatus = { id: Hex; chainId: string; createdAt: number } & TaskState

export type Task = {
  status: () => TaskStatus
  update: (state: TaskState) => void
  isSettled: () => boolean
  /** Resolves when the outcome is known; never rejects. */
  settled: Promise<void>
}

export function createTask({ id, chainId, createdAt }: { id: Hex; chainId: number; createdAt: number }): Task {
  let state: TaskState = { status: relayStatusCode.pending }
  let settle: () => void = () => undefined
  const settled = new Promise<void>((resolve) => (settle = resolve))
  const isSettled = () => state.status !== relayStatusCode.pending && state.status !== relayStatusCode.submitted
  return {
    status: () => ({ id, chainId: String(chainId), createdAt, ...state }),
    update: (next) => {
      state = next
      if (isSettled()) settle()
    },
    isSettled,
    settled,
  }
}

export type TaskList = {
  get: (id: Hex) => Task | undefined
  /** The task that stands for this id: none when it was rejected, so that it can be tried again. */
  standing: (id: Hex) => Task | undefined
  add: (id: Hex, task: Task) => void
}

const maxTasks = 10_000

/** The newest tasks, in memory; settled ones are forgotten first. */
export function createTaskList(): TaskList {
  const tasks = new Map<Hex, Task>()

  function forgetOne(): void {
    for (const [id, task] of tasks) {
      if (!task.isSettled()) continue
      tasks.delete(id)
      return
    }
    const [oldest] = tasks.keys()
    if (oldest !== undefined) tasks.delete(oldest)
  }

  return {
    get: (id) => tasks.get(id),
    standing: (id) => {
      const task = tasks.get(id)
      return task?.status().status === relayStatusCode.rejected ? undefined : task
    },
    add: (id, task) => {
      tasks.delete(id)
      tasks.set(id, task)
      if (tasks.size > maxTasks) forgetOne()
    },
  }
}
