import type { Hex, RpcTransactionReceipt } from 'viem'
import { relayStatusCode } from '../../execution/relayWire.js'

type TaskState =
  | { status: typeof relayStatusCode.pending }
  | { status: typeof relayStatusCode.submitted; hash: Hex }
  | { status: typeof relayStatusCode.success; receipt: RpcTransactionReceipt }
  | { status: typeof relayStatusCode.rejected; message: string; data?: Hex | undefined }
  | { status: typeof relayStatusCode.reverted; data: Hex; message: string; receipt: RpcTransactionReceipt }

/** A task as `relayer_getStatus` tells it. */
export type TaskStatus = { id: Hex; chainId: string; createdAt: number } & TaskState

export type Task = {
  createdAt: number
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
    createdAt,
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
  /** Those without an outcome, the oldest first. */
  open: () => readonly Task[]
}

const maxTasks = 10_000

/** Of all receipts together. A call may log half a megabyte. */
const maxBytes = 64 * 1024 * 1024

/** The newest tasks, in memory; settled ones are forgotten first. */
export function createTaskList(): TaskList {
  const tasks = new Map<Hex, Task>()
  const open = new Set<Task>()
  const sizes = new Map<Hex, number>()
  let bytes = 0

  function forget(id: Hex): void {
    tasks.delete(id)
    bytes -= sizes.get(id) ?? 0
    sizes.delete(id)
  }

  /** Those that are open are never forgotten: the relay bounds how many there are. */
  function forgetOne(): boolean {
    for (const [id, task] of tasks) {
      if (!task.isSettled()) continue
      forget(id)
      return true
    }
    return false
  }

  function weigh(id: Hex, task: Task): void {
    if (tasks.get(id) !== task) return
    const status = task.status()
    const size = 'receipt' in status ? JSON.stringify(status.receipt).length : 0
    sizes.set(id, size)
    bytes += size
    while (bytes > maxBytes && forgetOne());
  }

  return {
    get: (id) => tasks.get(id),
    standing: (id) => {
      const task = tasks.get(id)
      return task?.status().status === relayStatusCode.rejected ? undefined : task
    },
    add: (id, task) => {
      forget(id)
      tasks.set(id, task)
      open.add(task)
      void task.settled.then(() => {
        open.delete(task)
        weigh(id, task)
      })
      if (tasks.size > maxTasks) forgetOne()
    },
    open: () => [...open],
  }
}
