import { maxUint256, parseAbi, type Address } from 'viem'
import type { Dialect, Expression, WalletAbilities } from '../../src/dialects/dialect.js'
import { erc7715 } from '../../src/dialects/erc7715.js'
import { erc7715From2024 } from '../../src/dialects/erc7715From2024.js'
import { openfort } from '../../src/dialects/openfort.js'
import { porto } from '../../src/dialects/porto.js'
import { wirePermissionTypes } from '../../src/dialects/wire/erc7715Permission.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import type { Permission } from '../../src/permissions/permission.js'
import {
  erc20Allowance,
  erc20Periodic,
  erc20Stream,
  erc721Transfer,
  nativeAllowance,
  nativePeriodic,
  nativeStream,
} from '../../src/permissions/tokenPermissions.js'

const address: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const token: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const payee: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const abi = parseAbi(['function mint(address to)', 'function burn(uint256 id)'])
/** 10 minutes past a full hour. */
const startTime = 1_800_003_000

/** One of each kind, and of each thing that a dialect may have no words for. */
export const kinds: readonly { name: string; permission: Permission }[] = [
  { name: 'contract-call, whole contract', permission: contractCall({ address, abi }) },
  { name: 'contract-call, any native value', permission: contractCall({ address, abi, valueLimit: maxUint256 }) },
  { name: 'contract-call, some functions', permission: contractCall({ address, abi, functions: ['mint', 'burn'] }) },
  { name: 'contract-call, pinned argument', permission: contractCall({ address, abi, functions: [{ name: 'burn', args: [7n] }] }) },
  { name: 'contract-call, call limit', permission: contractCall({ address, abi, callLimit: 5 }) },
  { name: 'contract-call, some functions and a call limit', permission: contractCall({ address, abi, functions: ['mint'], callLimit: 5 }) },
  { name: 'contract-call, native value up to 1', permission: contractCall({ address, abi, valueLimit: 1n }) },
  { name: 'contract-call, later start', permission: contractCall({ address, abi, startTime }) },
  { name: 'erc20-token-allowance', permission: erc20Allowance({ token, limit: 10n }) },
  { name: 'erc20-token-allowance, one payee', permission: erc20Allowance({ token, limit: 10n, payee }) },
  { name: 'erc20-token-periodic, a day', permission: erc20Periodic({ token, limit: 10n, period: { days: 1 }, startTime }) },
  { name: 'erc20-token-periodic, two days', permission: erc20Periodic({ token, limit: 10n, period: { days: 2 }, startTime }) },
  { name: 'erc20-token-stream, all at once', permission: erc20Stream({ token, perSecond: 1n, initial: 10n, max: 10n, startTime }) },
  { name: 'erc20-token-stream', permission: erc20Stream({ token, perSecond: 1n, initial: 0n, max: 10n, startTime }) },
  { name: 'native-token-allowance', permission: nativeAllowance({ limit: 10n }) },
  { name: 'native-token-allowance, one payee', permission: nativeAllowance({ limit: 10n, payee }) },
  { name: 'native-token-periodic', permission: nativePeriodic({ limit: 10n, period: { days: 1 }, startTime }) },
  { name: 'native-token-stream', permission: nativeStream({ perSecond: 1n, initial: 0n, max: 10n, startTime }) },
  { name: 'erc721-token-transfer', permission: erc721Transfer({ token, tokenId: 7n }) },
]

const metaMaskTypes = wirePermissionTypes.filter((type) => /^(native|erc20)-token-/.test(type))
const metaMaskRules = new Map(metaMaskTypes.map((type) => [type, new Set(['expiry', 'redeemer', 'payee'])]))

/** Wallets as they say of themselves what they grant. */
export const wallets: readonly { name: string; dialect: Dialect; abilities: WalletAbilities }[] = [
  { name: '`embeddedWallet` (`erc7715`)', dialect: erc7715, abilities: { types: new Set(wirePermissionTypes), exact: new Set(wirePermissionTypes), list: true } },
  { name: 'MetaMask (`erc7715`)', dialect: erc7715, abilities: { types: new Set(metaMaskTypes), rules: metaMaskRules, list: true } },
  { name: '2024 wallets (`erc7715-2024`)', dialect: erc7715From2024, abilities: { list: false } },
  { name: 'ZeroDev (`erc7715-2024`)', dialect: erc7715From2024, abilities: { types: new Set(['contract-call']), list: true, counts: 'transactions', functionsOnly: true } },
  { name: 'Openfort (`openfort`)', dialect: openfort, abilities: { list: false } },
  { name: 'Porto (`porto`)', dialect: porto, abilities: { list: true } },
]

/** What becomes of each kind with each wallet, as a Markdown table. */
export function dialectTable(): string {
  const header = ['permission', ...wallets.map(({ name }) => name)]
  const rows = kinds.map(({ name, permission }) => [
    name,
    ...wallets.map(({ dialect, abilities }) => verdict(dialect.express([permission], abilities)[0])),
  ])
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

export function verdict(expression: Expression | undefined): string {
  if (!expression || 'impossible' in expression) return 'refused'
  const { losses } = expression
  if (losses.length === 0) return 'exact'
  return losses.map(({ kind, field }) => `${kind}: \`${field || 'all'}\``).join(', ')
}
