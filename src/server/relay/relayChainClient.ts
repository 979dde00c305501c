import type { Chain, Client, LocalAccount, Transport } from 'viem'

export type RelayChainClient = Client<Transport, Chain, LocalAccount>
