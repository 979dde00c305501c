import { useState } from 'react'
import { CallRefusedError } from '../../src/index.js'

export type Outcome = { kind: 'done'; text: string } | { kind: 'refused'; text: string; by: string }

/** What the shop says of the last thing that was done. */
export function useOutcome() {
  const [outcome, setOutcome] = useState<Outcome>()
  const [busy, setBusy] = useState(false)

  async function run(work: () => Promise<string>): Promise<void> {
    setBusy(true)
    try {
      setOutcome({ kind: 'done', text: await work() })
    } catch (error) {
      setOutcome({ kind: 'refused', ...refusal(error as Error) })
    } finally {
      setBusy(false)
    }
  }
  return { outcome, busy, run }
}

function refusal(error: Error): { text: string; by: string } {
  const text = (error as { shortMessage?: string }).shortMessage ?? error.message
  if (!(error instanceof CallRefusedError) || !error.revert) return { text, by: 'Refused before anything was sent.' }
  return { text, by: `Refused by the chain: ${error.revert.contract}:${error.revert.reason}` }
}
