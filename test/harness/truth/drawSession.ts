import { encodeAbiParameters, maxUint256, type AbiParameter, type Address, type Hex } from 'viem'
import { isFrameworkContract } from '../../../src/delegation/framework.js'
import { parseFunctionSignature } from '../../../src/permissions/functionSignature.js'
import type { FunctionScope, Permission, PermissionType, UnixSeconds } from '../../../src/permissions/permission.js'
import { validatePermissions } from '../../../src/permissions/validatePermissions.js'
import type { Draw } from './draw.js'
import type { Places } from './truthWorld.js'

/** What a user might have granted. `byMetaMask`: in MetaMask's caveats, and not in ours. */
export type DrawnSession = { permissions: readonly { permission: Permission; byMetaMask: boolean }[]; expiry: UnixSeconds }

type At = { places: Places; account: Address; now: UnixSeconds }

export function drawSession(draw: Draw, at: At): DrawnSession {
  const expiry = at.now + draw.one([40, 600, 90_000, 400_000])
  const permissions = drawUntilGrantable(draw, at)
  return { expiry, permissions: permissions.map((permission) => ({ permission, byMetaMask: isMetaMasks(permission) && draw.chance(0.2) })) }
}

function isMetaMasks(permission: Permission): boolean {
  return permission.type !== 'contract-call' && permission.type !== 'erc721-token-transfer' && permission.startTime !== undefined
}

/** What the kit refuses to ask for, it need not judge. */
function drawUntilGrantable(draw: Draw, at: At): readonly Permission[] {
  for (;;) {
    const drawn = Array.from({ length: draw.one([1, 1, 2, 2, 3, 4]) }, () => drawPermission(draw, at))
    const permissions = draw.chance(0.3) ? [...drawn, alike(draw, draw.one(drawn))] : drawn
    try {
      validatePermissions({ permissions, account: at.account, isEngineContract: isFrameworkContract, now: at.now })
      return permissions
    } catch {
      continue
    }
  }
}

/** Another permission for the same, with room of its own: together they allow what neither does. */
function alike(draw: Draw, permission: Permission): Permission {
  if (permission.type === 'contract-call') return { ...permission, callLimit: draw.one([1, 2]) }
  return 'limit' in permission ? { ...permission, limit: draw.one(amounts) } : permission
}

const types = [
  'contract-call',
  'contract-call',
  'contract-call',
  'erc20-token-allowance',
  'erc20-token-periodic',
  'erc20-token-stream',
  'native-token-allowance',
  'native-token-periodic',
  'native-token-stream',
  'erc721-token-transfer',
] as const satisfies readonly PermissionType[]

/** Small enough to be used up by a few calls, ordinary, and absurd. */
const amounts = [1n, 2n, 5n, 10n, 100n, 10n ** 18n, 2n ** 128n, 2n ** 255n, maxUint256 - 1n, maxUint256] as const

function drawPermission(draw: Draw, { places, now }: At): Permission {
  const type = draw.one(types)
  const begins = now + draw.one([0, 0, 1, 3, 30, 300])
  const common = draw.chance(0.4) ? { startTime: begins } : {}
  const payee = draw.chance(0.35) ? { payee: draw.one([places.friend, places.stranger]) } : {}
  const limited = { ...payee, limit: draw.one(amounts) }
  const token = draw.one([places.gold, places.gold, places.usd])
  switch (type) {
    case 'contract-call': {
      const callLimit = draw.chance(0.5) ? { callLimit: draw.one([1, 1, 2, 3]) } : {}
      const functions = draw.chance(0.85) ? { functions: Array.from({ length: draw.one([1, 1, 2, 3, 4]) }, () => drawScope(draw, places)) } : {}
      const address = draw.one([places.box, places.box, places.box, places.gold, places.sword])
      return { type, address, ...functions, ...callLimit, valueLimit: draw.one([0n, 0n, 0n, 1n, 7n, maxUint256]), ...common }
    }
    case 'erc20-token-allowance':
      return { type, token, ...limited, ...common }
    case 'native-token-allowance':
      return { type, ...limited, ...common }
    case 'erc20-token-periodic':
      return { type, token, ...limited, period: draw.one([1, 2, 10, 3_600, 86_400]), startTime: begins }
    case 'native-token-periodic':
      return { type, ...limited, period: draw.one([1, 2, 10, 3_600, 86_400]), startTime: begins }
    case 'erc20-token-stream':
      return { type, token, ...payee, ...drawStream(draw), startTime: begins }
    case 'native-token-stream':
      return { type, ...payee, ...drawStream(draw), startTime: begins }
    case 'erc721-token-transfer':
      return { type, token: draw.one([places.sword, places.sword, places.box]), tokenId: draw.one([0n, 1n, 2n, maxUint256]), ...common }
    default:
      return type satisfies never
  }
}

function drawStream(draw: Draw): { initial: bigint; perSecond: bigint; max: bigint } {
  const initial = draw.one([0n, 0n, ...amounts])
  const max = draw.one(amounts)
  return { initial, perSecond: draw.one([0n, 1n, 3n, 10n ** 15n, 2n ** 250n, maxUint256]), max: max < initial ? initial : max }
}

/** Arguments of fixed and of dynamic length, alone and mixed, and none at all. */
const signatures = [
  'sharpen()',
  'mint(address to)',
  'craft(uint256 id, address to, bytes32 secret)',
  'pair((uint256 x, bool y) p, uint256[2] z, uint8 w)',
  'rename(uint256 id, string name)',
  'note(string title, bytes text)',
  'none(uint256[0] nothing, uint256 id)',
  'approve(address spender, uint256 amount)',
  'transfer(address to, uint256 amount)',
  'transferFrom(address from, address to, uint256 id)',
] as const

function drawScope(draw: Draw, places: Places): FunctionScope {
  const signature = draw.one(signatures)
  const { inputs } = parseFunctionSignature(signature)
  if (draw.chance(0.4)) return { signature }
  const all = draw.chance(0.4)
  return { signature, args: inputs.map((input): Hex | null => (all || draw.chance(0.5) ? encodeAbiParameters([input], [drawArgument(draw, input, places)]) : null)) }
}

/** One of few values, so that pinned and given ones are often the same. */
export function drawArgument(draw: Draw, input: AbiParameter, places: Places): unknown {
  const array = /^(.*)\[(\d*)\]$/.exec(input.type)
  if (array) return Array.from({ length: Number(array[2]) }, () => drawArgument(draw, { ...input, type: array[1] as string }, places))
  if ('components' in input) return Object.fromEntries(input.components.map((one) => [one.name, drawArgument(draw, one, places)]))
  switch (input.type) {
    case 'address':
      return draw.one([places.friend, places.stranger])
    case 'bool':
      return draw.chance(0.5)
    case 'string':
      return draw.one(['', 'Excalibur', 'a name that is longer than thirty-two bytes'])
    case 'bytes':
      return draw.one(['0x', '0x1234'])
    case 'bytes32':
      return draw.one([`0x${'00'.repeat(32)}`, `0x${'5e'.repeat(32)}`])
    case 'uint8':
      return draw.one([0, 7])
    default:
      return draw.one([0n, 1n, 2n, maxUint256])
  }
}
