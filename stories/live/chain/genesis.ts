import type { Address, Hex } from 'viem'

/** An account as it stands when the chain begins. Numbers are hex, as on the wire. */
export type GenesisAccount = { balance: Hex; nonce: Hex; code: Hex; storage: { readonly [slot: Hex]: Hex } }

/** Everything that a chain begins with; JSON, so that a page can fetch it. */
export type Genesis = {
  chainId: number
  accounts: { readonly [address: Address]: GenesisAccount }
}
