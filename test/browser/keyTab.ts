/** A tab that sends with a key over the direct lane. */
import { createClient, defineChain, http, type Hash, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { decodeRedeemDelegations } from '../../src/delegation/redeem.js'
import { directLane } from '../../src/execution/directLane.js'

export type KeyTab = {
  /** Sends the same redemption so many times at once; what came of it, and what the node was asked. */
  send(request: { privateKey: Hex; data: Hex; count: number }): Promise<{ hashes: Hash[]; asked: string[] }>
}

declare global {
  interface Window {
    keyTab: KeyTab
  }
}

const url = `${location.origin}/rpc`
const asked: string[] = []
const { fetch } = window
window.fetch = (input, init) => {
  asked.push((JSON.parse(String(init?.body)) as { method: string }).method)
  return fetch(input, init)
}

const chain = defineChain({ id: 31337, name: 'Local', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [url] } } })
const client = createClient({ chain, transport: http(url), pollingInterval: 20 })
const lane = directLane()

window.keyTab = {
  async send({ privateKey, data, count }) {
    asked.length = 0
    const redemptions = decodeRedeemDelegations(data) ?? []
    const request = { chainId: chain.id, client, signer: privateKeyToAccount(privateKey), redemptions, now: 0, checked: true }
    const sent = await Promise.all(Array.from({ length: count }, () => lane.send(request)))
    return { hashes: sent.map(({ transactionHash }) => transactionHash), asked: [...asked] }
  },
}
