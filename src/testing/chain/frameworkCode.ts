import type { Address, Hex } from 'viem'
import { concatHex, encodeAbiParameters } from 'viem'
import { enforcers, framework } from '../../delegation/framework.js'
import type { CodeTo } from './deployCodeTo.js'
import { missingPackage, requireOptional } from './requireOptional.js'

/** The init codes as their own packages ship them, with the constructor arguments of production. */
export type FrameworkCode = { entryPointInitCode: Hex; contracts: CodeTo[] }

/** @throws {MissingPackageError} one of the optional packages is not installed */
export function loadFrameworkCode(): FrameworkCode {
  const initCodes = requireOptional<Record<string, string>>(abisPackage, 'bytecode')
  const entryPoint = requireOptional<{ bytecode: Hex }>(entryPointPackage, 'artifacts/EntryPoint.json', `${entryPointPackage}@0.7.0`)
  const contracts = Object.entries(addresses).map(([contract, address]) => {
    const initCode = initCodes[contract]
    if (!initCode) throw missingPackage(abisPackage)
    return { contract, address, initCode: concatHex([link(initCode), encodeAddresses(constructorArguments[contract] ?? [])]) }
  })
  return { entryPointInitCode: entryPoint.bytecode, contracts }
}

const abisPackage = '@metamask/delegation-abis'
const entryPointPackage = '@account-abstraction/contracts'

/** The solidity library HybridDeleGator checks P-256 with on chains without the precompile. */
const p256Library: Address = '0xCCD3B747F3DBd349fa3af4eBC7d0C31aE6f21dd1'

const addresses: Record<string, Address> = {
  DelegationManager: framework.DelegationManager,
  SimpleFactory: framework.SimpleFactory,
  MultiSigDeleGator: framework.MultiSigDeleGatorImpl,
  HybridDeleGator: framework.HybridDeleGatorImpl,
  EIP7702StatelessDeleGator: framework.EIP7702StatelessDeleGatorImpl,
  SCL_RIP7212: p256Library,
  ...enforcers,
}

/** May pause the DelegationManager in production. */
const delegationManagerOwner: Address = '0xb0403b32f54d0bd752113f4009e8b534c6669f44'
const deleGatorArguments = [framework.DelegationManager, framework.EntryPoint]

const constructorArguments: Record<string, Address[]> = {
  DelegationManager: [delegationManagerOwner],
  MultiSigDeleGator: deleGatorArguments,
  HybridDeleGator: deleGatorArguments,
  EIP7702StatelessDeleGator: deleGatorArguments,
  LogicalOrWrapperEnforcer: [framework.DelegationManager],
  NativeTokenPaymentEnforcer: [framework.DelegationManager, enforcers.ArgsEqualityCheckEnforcer],
}

function encodeAddresses(values: Address[]): Hex {
  return encodeAbiParameters(
    values.map(() => ({ type: 'address' })),
    values,
  )
}

/** Fills solc's placeholder for a linked library; there is only the one. */
function link(initCode: string): Hex {
  return initCode.replace(/__\$[0-9a-f]{34}\$__/g, p256Library.slice(2).toLowerCase()) as Hex
}
