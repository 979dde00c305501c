import {
  concatHex,
  decodeAbiParameters,
  encodeAbiParameters,
  encodeFunctionData,
  maxUint256,
  numberToHex,
  padHex,
  size,
  slice,
  toFunctionSelector,
  type AbiFunction,
  type Hex,
} from 'viem'
import type { Call, PermissionUsage } from '../../../src/permissions/check.js'
import { parseFunctionSignature } from '../../../src/permissions/functionSignature.js'
import type { ContractCallPermission, Permission } from '../../../src/permissions/permission.js'
import type { Draw } from './draw.js'
import { drawArgument } from './drawSession.js'
import type { Places } from './truthWorld.js'

export type CallsAt = { places: Places; account: Hex; permissions: readonly Permission[]; usage: readonly PermissionUsage[] }

/** One batch: mostly what a permission allows, at and around what is left of it; often spoilt in one way; sometimes of no permission at all. */
export function drawCalls(draw: Draw, at: CallsAt): readonly Call[] {
  const batch = draw.one([1, 1, 1, 1, 1, 2, 2, 3])
  // Several on one permission use it up together.
  const index = draw.whole(0, at.permissions.length - 1)
  const calls = Array.from({ length: batch }, () => {
    const aimed = draw.chance(0.6) ? index : draw.whole(0, at.permissions.length - 1)
    const call = draw.chance(0.92) ? within(draw, at, aimed) : foreign(draw, at)
    return draw.chance(0.3) ? spoilt(draw, call, at.places) : call
  })
  // More native token than there can be: no account could pay it, whatever it is allowed.
  return calls.reduce((sum, { value }) => sum + value, 0n) <= maxUint256 ? calls : calls.slice(0, 1)
}

function within(draw: Draw, at: CallsAt, index: number): Call {
  const permission = at.permissions[index] as Permission
  const { places } = at
  if (permission.type === 'contract-call') return contractCall(draw, permission, places)
  if (permission.type === 'erc721-token-transfer') {
    const name = draw.one(['transferFrom(address from, address to, uint256 id)', 'safeTransferFrom(address from, address to, uint256 id)', 'safeTransferFrom(address from, address to, uint256 id, bytes data)'])
    const args = [at.account, places.friend, permission.tokenId, ...(name.endsWith('data)') ? ['0x1234'] : [])]
    return { to: permission.token, value: 0n, data: encodeFunctionData({ abi: [parseFunctionSignature(name)], args }) }
  }
  const amount = drawAmount(draw, at.usage[index])
  const to = permission.payee ?? draw.one([places.friend, places.stranger])
  return 'token' in permission ? { to: permission.token, value: 0n, data: transfer(to, amount) } : { to, value: amount, data: '0x' }
}

/** At the limit, a unit to each side of it, half of it, nothing, one and everything there is. */
function drawAmount(draw: Draw, usage: PermissionUsage | undefined): bigint {
  const left = usage?.amount?.left ?? 1n
  return draw.one([left, left, left + 1n, left - 1n, left / 2n, left / 2n + 1n, 0n, 1n, maxUint256].map((amount) => (amount < 0n ? 0n : amount > maxUint256 ? maxUint256 : amount)))
}

function contractCall(draw: Draw, { address, functions, valueLimit }: ContractCallPermission, places: Places): Call {
  const value = draw.one([0n, 0n, 0n, 0n, valueLimit, valueLimit === maxUint256 ? valueLimit : valueLimit + 1n])
  if (!functions) return { to: address, value, data: draw.one(['0x', '0x12', '0xdeadbeef', transfer(places.friend, 1n)]) }
  const { signature, args } = draw.one(functions)
  const item = parseFunctionSignature(signature)
  const values = item.inputs.map((input, index) => {
    const pinned = args?.[index]
    return pinned && draw.chance(0.85) ? decodeAbiParameters([input], pinned)[0] : drawArgument(draw, input, places)
  })
  return { to: address, value, data: encode(item, values) }
}

/** A call that no permission needs to know. */
function foreign(draw: Draw, { places, account }: CallsAt): Call {
  const to = draw.one([places.gold, places.usd, places.sword, places.box, places.friend, places.stranger, account])
  return { to, value: draw.one([0n, 0n, 1n]), data: draw.one(['0x', '0x00', '0x00000000', transfer(places.friend, 1n), encode(parseFunctionSignature('approve(address spender, uint256 amount)'), [places.stranger, maxUint256])]) }
}

/** The same call with one thing wrong with it, or written in another way. */
function spoilt(draw: Draw, call: Call, places: Places): Call {
  const { data, value } = call
  const withData = (changed: Hex): Call => ({ ...call, data: changed })
  const cut = (bytes: number) => (size(data) > bytes ? slice(data, 0, size(data) - bytes) : '0x')
  switch (draw.one(['selector', 'shorter', 'much-shorter', 'longer', 'word-longer', 'byte', 'dirty', 'swapped', 'elsewhere', 'value', 'case', 'nothing'] as const)) {
    case 'selector':
      return withData(size(data) >= 4 ? concatHex([draw.one(['0x095ea7b3', '0x23b872dd', '0xa9059cbb', '0x40c10f19']), tail(data, 4)]) : '0xa9059cbb')
    case 'shorter':
      return withData(cut(1))
    case 'much-shorter':
      return withData(cut(draw.one([31, 32, 33, 64])))
    case 'longer':
      return withData(concatHex([data, draw.one(['0x00', '0x01'])]))
    case 'word-longer':
      return withData(concatHex([data, padHex('0x', { size: 32 })]))
    case 'byte':
      return withData(size(data) > 0 ? flipped(data, draw.whole(0, size(data) - 1)) : '0x01')
    case 'dirty':
      // The unused bytes before an address.
      return withData(size(data) >= 36 ? concatHex([slice(data, 0, 4), '0x01', tail(data, 5)]) : data)
    case 'swapped':
      return withData(swapped(data))
    case 'elsewhere':
      return { ...call, to: draw.one([places.gold, places.usd, places.sword, places.box, places.friend, places.stranger]) }
    case 'value':
      return { ...call, value: value === maxUint256 ? 0n : value + 1n }
    case 'case':
      return { ...call, to: call.to.toLowerCase() as Hex, data: `0x${data.slice(2).toUpperCase()}` }
    case 'nothing':
      return withData('0x')
  }
}

function transfer(to: Hex, amount: bigint): Hex {
  return concatHex([toFunctionSelector('transfer(address,uint256)'), padHex(to, { size: 32 }), numberToHex(amount, { size: 32 })])
}

function encode(item: AbiFunction, args: readonly unknown[]): Hex {
  const words = encodeAbiParameters(item.inputs, args)
  return concatHex([toFunctionSelector(item), words])
}

function tail(data: Hex, from: number): Hex {
  return size(data) > from ? slice(data, from) : '0x'
}

function flipped(data: Hex, at: number): Hex {
  const byte = Number(slice(data, at, at + 1)) ^ 1
  return concatHex([at > 0 ? slice(data, 0, at) : '0x', numberToHex(byte, { size: 1 }), tail(data, at + 1)])
}

/** Its first two words in the other order: other arguments, or the same ones of dynamic length by other offsets. */
function swapped(data: Hex): Hex {
  return size(data) >= 68 ? concatHex([slice(data, 0, 4), slice(data, 36, 68), slice(data, 4, 36), tail(data, 68)]) : data
}
