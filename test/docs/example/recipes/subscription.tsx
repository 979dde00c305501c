import { defineSession, erc20Periodic, expiresIn, useGrantPermissions, useRevokePermissions, useSessionKey } from 'react-session-keys'
import { SessionKeyCard } from 'react-session-keys/ui'
import { parseUnits } from 'viem'
import { gold, shop, shopServer } from './addresses.js'

/** 20 GOLD in each 30 days, to the shop alone, for a year. What is not charged in a period does not add up. */
export const subscription = defineSession({
  name: 'subscription',
  expiry: expiresIn({ days: 365 }),
  permissions: [erc20Periodic({ token: gold, limit: parseUnits('20', 18), period: { days: 30 }, payee: shop })],
})

export function Subscribe() {
  const session = useSessionKey({ session: subscription })
  // The key is the server's: the browser never has it.
  const { mutate: grant } = useGrantPermissions({ mutation: { onSuccess: ({ session }) => enrol(session.granted) } })
  const { mutate: cancel } = useRevokePermissions({ session: subscription })
  if (session.status !== 'active') return <button onClick={() => grant({ ...subscription, key: { address: shopServer } })}>Subscribe</button>
  return (
    <>
      <SessionKeyCard session={subscription} />
      <button onClick={() => cancel()}>Cancel the subscription</button>
    </>
  )
}

/** What the server needs to act: each permission's context, and the contract that redeems it (ERC-7710). */
async function enrol(granted: readonly { context?: `0x${string}` | undefined; delegationManager?: `0x${string}` | undefined }[]) {
  const permissions = granted.map(({ context, delegationManager }) => ({ context, delegationManager }))
  await fetch('/subscriptions', { method: 'POST', body: JSON.stringify(permissions) })
}
