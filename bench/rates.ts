import { directLane } from '../src/execution/directLane.js'
import { createRelayClient } from '../src/execution/relayClient.js'
import { relayLane } from '../src/execution/relayLane.js'
import { kitApp } from './actors.js'
import { inTurns, measured, secondsOf, type Figure } from './figure.js'
import type { BenchShop } from './shop.js'

const rounds = 5
const inSequence = 100
const atOnce = 100

/** Actions per second, one after the other and a hundred at once. */
export async function rateFigures(shop: BenchShop): Promise<Figure[]> {
  const { chain, config, minting, mint, relay, transports, plain, best, kit } = shop
  const lane = directLane()
  const direct = kitApp(config, chain.chain, transports.ours.transport, lane, minting)
  const relayed = kitApp(config, chain.chain, transports.ours.transport, relayLane(createRelayClient({ url: relay.url })), minting)
  const repeat = (count: number, act: () => Promise<unknown>) => async () => {
    for (let index = 0; index < count; index += 1) await act()
  }
  const allAtOnce = (count: number, act: () => Promise<unknown>) => () => Promise.all(Array.from({ length: count }, act))
  const perSecond = (count: number, work: () => Promise<unknown>) => async () => count / (await secondsOf(work))

  const presigned = async () => {
    const signed = await best.presign(inSequence)
    return inSequence / (await secondsOf(async () => {
      for (const one of signed) await best.sendRaw(one)
    }))
  }
  const rates = await inTurns(rounds, {
    direct: perSecond(inSequence, repeat(inSequence, () => direct.send([mint]))),
    best: perSecond(inSequence, repeat(inSequence, () => best.mint())),
    presigned,
    viem: perSecond(inSequence / 2, repeat(inSequence / 2, () => plain.mint())),
    kit: perSecond(inSequence / 2, repeat(inSequence / 2, () => kit.mint())),
    relay: perSecond(inSequence / 2, repeat(inSequence / 2, () => relayed.send([mint]))),
    parallel: perSecond(atOnce, allAtOnce(atOnce, () => direct.send([mint]))),
    parallelRelay: perSecond(atOnce, allAtOnce(atOnce, () => relayed.send([mint]))),
  })
  const peer = (name: string, values: number[]) => ({ name, values })
  const atBest = peer('viem sendTransactionSync by an EOA, gas, fees and nonce given, in sequence', rates.best)
  return [
    measured('rate.sequential', 'actions per second', rates.direct, atBest),
    measured('rate.sequential.presigned', 'actions per second', rates.direct, peer('eth_sendRawTransactionSync of what was signed before', rates.presigned)),
    measured('rate.sequential.viem', 'actions per second', rates.direct, peer('viem writeContract and its receipt, by an EOA', rates.viem)),
    measured('rate.sequential.kit', 'actions per second', rates.direct, peer('@metamask/smart-accounts-kit, in sequence', rates.kit)),
    measured('rate.relay', 'actions per second', rates.relay, atBest),
    measured('rate.parallel100', 'actions per second', rates.parallel, atBest),
    measured('rate.parallel100.relay', 'actions per second', rates.parallelRelay, atBest),
  ]
}
