import { createSessionKeyConfig } from 'react-session-keys'
import { wagmi } from './wagmi.js'

export const sessionKeys = createSessionKeyConfig({
  wagmi,
  bundler: {
    url: 'https://bundler.example/rpc', // of the chain that your sessions are on
    paymaster: 'https://paymaster.example/rpc', // or `true`: the bundler's own endpoint
    paymasterContext: { sponsorshipPolicyId: 'swords' },
  },
})
