import type { LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'

// What the README's example leaves to the reader.
export { swordAbi } from '../../../demo/contracts/artifacts.js'
export const myChain = foundry
export const owner: LocalAccount = privateKeyToAccount(generatePrivateKey())
export const gold = '0x0000000000000000000000000000000000006011'
export const sword = '0x0000000000000000000000000000000000005401'
