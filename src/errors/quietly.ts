/** For work that must not disturb whoever it is done beside, such as telling an observer: what it throws ends here. */
export function quietly<result>(work: () => result): result | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
