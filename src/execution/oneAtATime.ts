/** Runs tasks in the order they come, each after the one before has ended, however it ended. */
export type OneAtATime = <result>(task: () => Promise<result>) => Promise<result>

export function createOneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task)
    last = run.catch(() => undefined)
    return run
  }
}
