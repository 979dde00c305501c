import { createSessionKeyConfig, defineSession, erc20Allowance, expiresIn, getNetworkFees, networkFees } from 'react-session-keys'
import { parseUnits, type Address } from 'viem'
import { wagmi } from './wagmi.js'

const usdc: Address = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'

export const sessionKeys = createSessionKeyConfig({
  wagmi,
  relay: { url: 'https://relayer.example/relayers', fee: { token: usdc, max: parseUnits('0.5', 6) } },
})

/** Whom the relay is paid at is asked of the relay, when a wallet is connected. */
export async function shopping() {
  const { feeCollector } = await getNetworkFees(sessionKeys)
  return defineSession({
    name: 'shopping',
    expiry: expiresIn({ days: 3 }),
    permissions: [
      erc20Allowance({ token: usdc, limit: parseUnits('100', 6) }),
      networkFees({ token: usdc, feeCollector, limit: parseUnits('5', 6) }),
    ],
  })
}
