import { contractCall, defineSession, erc20Allowance, expiresIn, useCheckCalls, useSendSessionCalls } from 'react-session-keys'
import { erc20Abi, parseUnits, type Address } from 'viem'
import { gold, shop, sword, swordAbi } from './addresses.js'

export const playing = defineSession({
  name: 'playing',
  expiry: expiresIn({ hours: 8 }),
  permissions: [
    contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 100 }),
    // Gold goes to the shop and to nobody else.
    erc20Allowance({ token: gold, limit: parseUnits('500', 18), payee: shop }),
  ],
})

/** Pays and mints as one: both happen, or neither. */
export function Buy({ player, price }: { player: Address; price: bigint }) {
  const calls = [
    { to: gold, abi: erc20Abi, functionName: 'transfer', args: [shop, price] },
    { to: sword, abi: swordAbi, functionName: 'mint', args: [player] },
  ] as const
  const { data: verdict } = useCheckCalls({ session: playing, calls })
  const { mutate: send, isPending } = useSendSessionCalls({ session: playing })
  return (
    <>
      <button disabled={isPending || verdict?.allowed === false} onClick={() => send({ calls })}>
        Buy
      </button>
      {verdict?.error && <p>{verdict.error.shortMessage}</p>}
    </>
  )
}
