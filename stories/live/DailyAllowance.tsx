import type { ReactElement } from 'react'
import { parseUnits, type Address } from 'viem'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import { defineSession, erc20Periodic, expiresIn, useSendSessionCalls } from '../../src/index.js'
import { gold } from './contracts.js'
import { Forge } from './Forge.js'
import { PassDay } from './PassDay.js'
import { useOutcome } from './useOutcome.js'

const healer: Address = '0x4ea1000000000000000000000000000000004ea1'
const units = (amount: number) => parseUnits(String(amount), 18)

export const potions = defineSession({
  name: 'potions',
  expiry: expiresIn({ days: 7 }),
  permissions: [erc20Periodic({ token: gold, limit: units(100), period: { days: 1 }, payee: healer })],
})

/** 100 GOLD a day, to one payee. When the chain's day is over, it is there again. */
export function DailyAllowance({ passDay }: { passDay: () => Promise<void> }): ReactElement {
  const { mutateAsync: send } = useSendSessionCalls({ session: potions })
  const { outcome, busy, run } = useOutcome()
  const drink = () =>
    void run(async () => {
      await send({ calls: [{ to: gold, abi: goldAbi, functionName: 'transfer', args: [healer, units(60)] }] })
      return 'Paid 60 GOLD for a potion.'
    })

  return (
    <Forge
      intro="A healer may take up to 100 GOLD a day. The chain counts, and begins anew each day."
      session={potions}
      counter="Healer"
      outcome={outcome}
      busy={busy}
    >
      <button type="button" className="forge-button forge-button-gold" disabled={busy} onClick={drink}>
        A potion for 60 GOLD
      </button>
      <PassDay busy={busy} run={run} passDay={passDay} />
    </Forge>
  )
}
