import { createRelay } from 'react-session-keys/server'
import { http, parseEther, parseGwei } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { base } from 'viem/chains'
import { pageOperator, record } from './operator.js'
import { journal } from './postgresJournal.js'

const day = 86_400

export const relay = createRelay({
  chain: base,
  transport: http(process.env['NODE_URL']),
  account: privateKeyToAccount(process.env['RELAY_KEY'] as `0x${string}`),
  limits: {
    targets: [{ address: '0x5407000000000000000000000000000000005407', functions: ['mint(address)'] }],
    perSender: { windowSeconds: day, requests: 200, gas: 60_000_000n },
    newAccounts: { windowSeconds: day, requests: 500 },
    perClient: { windowSeconds: 60, requests: 30 },
    spending: { windowSeconds: day, maxWei: parseEther('0.1') },
    maxFeePerGas: parseGwei('2'),
  },
  // What your own proxy writes there; a header that callers can write is nobody's name.
  clientOf: ({ headers }) => headers.get('x-real-ip') ?? undefined,
  journal,
  lowBalance: { belowWei: parseEther('0.05'), warn: (wei) => pageOperator(`The relay has ${wei} wei left.`) },
  onEvent: ({ name, attributes }) => record(name, attributes),
  onError: (error) => console.error(error),
})

export { relay as GET, relay as POST, relay as OPTIONS }
