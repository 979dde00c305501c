import { useState, type ReactElement } from 'react'
import { parseUnits, type Address } from 'viem'
import { useConnection } from 'wagmi'
import { goldAbi, swordAbi } from '../../demo/contracts/artifacts.js'
import { Sword } from '../../demo/Sword.js'
import { useSwords } from '../../demo/useSwords.js'
import { contractCall, defineSession, erc20Allowance, expiresIn, useSendSessionCalls } from '../../src/index.js'
import { gold, sword } from './contracts.js'
import { Forge } from './Forge.js'
import { PassDay } from './PassDay.js'
import { useOutcome } from './useOutcome.js'

const shop: Address = '0x5407000000000000000000000000000000005407'
const units = (amount: number) => parseUnits(String(amount), 18)

/** What the player is asked for, once. */
export const shopping = defineSession({
  name: 'shopping',
  expiry: expiresIn({ days: 3 }),
  permissions: [contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 5 }), erc20Allowance({ token: gold, limit: units(250) })],
})

const mint = (player: Address) => ({ to: sword, abi: swordAbi, functionName: 'mint', args: [player] }) as const
const pay = (amount: number) => ({ to: gold, abi: goldAbi, functionName: 'transfer', args: [shop, units(amount)] }) as const

/** Swords to mint and to buy. No button in the shop asks anything. */
export function SwordShop({ passDay }: { passDay: () => Promise<void> }): ReactElement {
  const { address: player } = useConnection()
  const { mutateAsync: send } = useSendSessionCalls({ session: shopping })
  const { outcome, busy, run } = useOutcome()
  const [pastCheck, setPastCheck] = useState(false)
  const act = (calls: (player: Address) => readonly unknown[], said: string) =>
    void run(async () => {
      if (!player) throw new Error('Connect the wallet first.')
      await send({ calls: calls(player) as [], skipCheck: pastCheck })
      return said
    })

  return (
    <Forge
      intro="Wallet, contracts, relay and chain are the real ones, and all of them run in this page. Say yes once, then just play."
      session={shopping}
      counter="Shop"
      outcome={outcome}
      busy={busy}
    >
      <div className="forge-offers">
        <button type="button" className="forge-button" disabled={busy} onClick={() => act((to) => [mint(to)], 'A sword is yours.')}>
          Mint a sword
        </button>
        <button
          type="button"
          className="forge-button forge-button-gold"
          disabled={busy}
          onClick={() => act((to) => [pay(100), mint(to)], 'Paid 100 GOLD; a gilded sword is yours.')}
        >
          Buy for 100 GOLD
        </button>
      </div>
      <label className="forge-switch">
        <input type="checkbox" checked={pastCheck} onChange={(event) => setPastCheck(event.target.checked)} />
        Send past the kit’s own check, so that only the contracts refuse
      </label>
      {player && <Gallery player={player} />}
      <PassDay busy={busy} run={run} passDay={passDay} />
    </Forge>
  )
}

function Gallery({ player }: { player: Address }): ReactElement {
  const { data: swords = [] } = useSwords({ player, gold, sword, shop })
  if (swords.length === 0) return <p className="forge-quiet">No swords yet.</p>
  return (
    <ul className="forge-gallery" aria-label="Your swords">
      {swords.map(({ id, bought }) => (
        <li key={String(id)}>
          <Sword id={Number(id)} bought={bought} />
        </li>
      ))}
    </ul>
  )
}
