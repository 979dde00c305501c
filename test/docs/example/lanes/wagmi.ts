import { base } from 'viem/chains'
import { createConfig, http } from 'wagmi'

export const wagmi = createConfig({ chains: [base], transports: { [base.id]: http() } })
