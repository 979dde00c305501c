import {
  concatHex,
  decodeAbiParameters,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  getContractAddress,
  keccak256,
  parseAbi,
  parseAbiParameters,
  size,
  slice,
  stringToHex,
  zeroAddress,
  zeroHash,
  type Address,
  type Hex,
} from 'viem'
import { framework } from './framework.js'
import { proxyBytecode } from './proxyBytecode.js'

/** A point on P-256 (secp256r1). */
export type P256PublicKey = { x: bigint; y: bigint }

/** The call that brings an account into being. Anyone may make it; the address allows no other account. */
export type AccountDeployment = { factory: Address; factoryData: Hex }

/** The account knows its keys by names; it has this one only. */
const keyId = 'session'

const factoryAbi = parseAbi(['function deploy(bytes bytecode, bytes32 salt) returns (address)'])
const hybridAbi = parseAbi(['function initialize(address owner, string[] keyIds, uint256[] xValues, uint256[] yValues)'])
const proxyParameters = parseAbiParameters('address implementation, bytes initialization')

/**
 * The account that a P-256 key acts through: a HybridDeleGator behind a proxy, which nobody owns and only this key signs for (ERC-1271).
 * Its address is known before it is deployed, and permissions are granted to it.
 *
 * Deployment and initialisation are one: the proxy's constructor makes the call, and key and owner are part of what the address is made
 * from (CREATE2). Whoever deploys it first deploys this very account.
 */
export function p256Account({ x, y }: P256PublicKey): { address: Address; deployment: AccountDeployment } {
  const initialization = encodeFunctionData({ abi: hybridAbi, args: [zeroAddress, [keyId], [x], [y]] })
  const bytecode = concatHex([proxyBytecode, encodeAbiParameters(proxyParameters, [framework.HybridDeleGatorImpl, initialization])])
  return {
    address: getContractAddress({ opcode: 'CREATE2', from: framework.SimpleFactory, salt: zeroHash, bytecode }),
    deployment: { factory: framework.SimpleFactory, factoryData: encodeFunctionData({ abi: factoryAbi, args: [bytecode, zeroHash] }) },
  }
}

/**
 * Which account a call of the SimpleFactory deploys.
 * @returns undefined for any but that of one P-256 key: other code, an owner, a second key, another salt
 */
export function readP256Deployment(factoryData: Hex): Address | undefined {
  try {
    const [bytecode] = decodeFunctionData({ abi: factoryAbi, data: factoryData }).args
    const [, initialization] = decodeAbiParameters(proxyParameters, slice(bytecode, size(proxyBytecode)))
    const [, , [x = 0n], [y = 0n]] = decodeFunctionData({ abi: hybridAbi, data: initialization }).args
    // Of all that it could hold besides the key, only the bytes that we would write ourselves.
    const { address, deployment } = p256Account({ x, y })
    return deployment.factoryData === factoryData.toLowerCase() ? address : undefined
  } catch {
    return undefined
  }
}

/** A signature as the account reads it: which key, and the two numbers. `s` must be in the lower half of the order. */
export function encodeP256Signature({ r, s }: { r: bigint; s: bigint }): Hex {
  return encodeAbiParameters(parseAbiParameters('bytes32 keyIdHash, uint256 r, uint256 s'), [keccak256(stringToHex(keyId)), r, s])
}
