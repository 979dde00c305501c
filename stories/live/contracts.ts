import type { Address } from 'viem'

/** Where the shop's contracts stand on the chain of the live stories. */
export const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
export const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'

export const liveChainId = 31337
