import { useCheckCalls, type SessionDefinition } from 'react-session-keys'
import type { ReactNode } from 'react'
import type { DemoInfo } from './demoInfo.js'
import { getJson } from './getJson.js'
import { buyCalls, mintCalls } from './shop.js'
import { Sword } from './Sword.js'
import type { Run } from './useActivities.js'
import { useSwords } from './useSwords.js'
import type { Send } from './send.js'
import type { Address } from 'viem'

/** What the player came for. No button here ever asks anything. */
export function Shop({ info, player, session, send, pastCheck, run }: { info: DemoInfo; player: Address; session: SessionDefinition; send: Send; pastCheck: boolean; run: Run }) {
  const mint = mintCalls({ ...info, player })
  const buy = buyCalls({ ...info, player })
  const swords = useSwords({ ...info, player })
  const newest = swords.data?.[0]
  const fight = (id: bigint) =>
    void run({ label: `Fight with sword ${id}` }, async () => {
      await getJson('/api/fight', { sword: String(id) })
      return { text: `A fight is won. Sword ${id} is worn by it.` }
    })
  return (
    <section className="card shop" aria-labelledby="shop-title">
      <h2 id="shop-title">Shop</h2>
      {pastCheck && <p className="notice">Sending past our own check: only the chain refuses now.</p>}
      <ul className="offers">
        <Offer title="A plain sword" detail="One call: mint on Sword." session={session} calls={mint}>
          <button type="button" className="button" onClick={() => send('Mint a sword', mint, 'A sword is yours.')}>
            Mint a sword
          </button>
        </Offer>
        <Offer title="A gilded sword" detail="GOLD to the shop and a mint, in one atomic batch." session={session} calls={buy}>
          <button type="button" className="button button-gold" onClick={() => send('Buy for 100 GOLD', buy, 'Paid 100 GOLD; a gilded sword is yours.')}>
            Buy for 100 GOLD
          </button>
        </Offer>
      </ul>
      <h3>
        Your swords <span className="count">{swords.data?.length ?? ''}</span>
      </h3>
      {swords.data?.length ? (
        <ul className="gallery" aria-label="Your swords">
          {swords.data.map(({ id, bought, durability }) => (
            <li key={String(id)} className="sword">
              <Sword id={Number(id)} bought={bought} />
              <span>
                <span aria-hidden="true">#{String(id)} · </span>
                <span title="What is left of it">{durability} %</span>
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="empty">{swords.data ? 'None yet.' : 'Looking…'}</p>
      )}
      {newest && (
        <button type="button" className="button" aria-disabled={newest.durability === 0 || undefined} onClick={newest.durability === 0 ? undefined : () => fight(newest.id)}>
          Fight with sword {String(newest.id)}
        </button>
      )}
    </section>
  )
}

/** Says beforehand whether the session allows it; the button works all the same, and then says it again. */
function Offer({ title, detail, session, calls, children }: { title: string; detail: string; session: SessionDefinition; calls: readonly unknown[]; children: ReactNode }) {
  const { data } = useCheckCalls({ session, calls: calls as ReturnType<typeof buyCalls> })
  return (
    <li className="offer">
      <div>
        <h3>{title}</h3>
        <p>{data?.allowed === false ? `Not any more: ${data.error.shortMessage}` : detail}</p>
      </div>
      {children}
    </li>
  )
}
