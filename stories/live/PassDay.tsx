import type { ReactElement } from 'react'
import type { useOutcome } from './useOutcome.js'

/** Moves the clock of the page's chain. */
export function PassDay({ busy, run, passDay }: Pick<ReturnType<typeof useOutcome>, 'busy' | 'run'> & { passDay: () => Promise<void> }): ReactElement {
  const wait = async () => {
    await passDay()
    return 'The chain is a day older.'
  }
  return (
    <button type="button" className="forge-button forge-button-plain" disabled={busy} onClick={() => void run(wait)}>
      A day passes
    </button>
  )
}
