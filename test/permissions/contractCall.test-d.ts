// Checked by `tsc -p tsconfig.json`: what the ABI refuses must not compile.
import { erc20Abi, parseAbi, type Abi, type Address } from 'viem'
import { expectTypeOf } from 'vitest'
import { contractCall } from '../../src/permissions/contractCall.js'
import type { ContractCallPermission } from '../../src/permissions/permission.js'

declare const address: Address
const abi = parseAbi([
  'function mint(address to)',
  'function buy(uint256 id, string note) payable',
  'function burn(uint256 id)',
  'function burn(uint256 id, bytes reason)',
  'function ownerOf(uint256 id) view returns (address)',
  'function hash(uint256 id) pure returns (bytes32)',
])

expectTypeOf(contractCall({ address, abi })).toEqualTypeOf<ContractCallPermission>()
expectTypeOf(contractCall({ address, abi, functions: ['mint', 'buy', 'burn(uint256)'] })).toEqualTypeOf<ContractCallPermission>()

contractCall({ address, abi, functions: [{ name: 'mint', args: [address] }, { name: 'buy', args: [1n, undefined] }] })
contractCall({ address, abi, functions: [{ name: 'buy', args: [undefined, 'gift'] }, { name: 'mint', args: undefined }, { name: 'mint' }] })
contractCall({ address, abi, functions: [{ name: 'burn(uint256,bytes)', args: [1n, '0x'] }] })
contractCall({ address, abi: erc20Abi, functions: [{ name: 'approve', args: [address, undefined] }] })

// @ts-expect-error misspelt
contractCall({ address, abi, functions: ['mnit'] })
// @ts-expect-error misspelt, with arguments
contractCall({ address, abi, functions: [{ name: 'mnit', args: [address] }] })
// @ts-expect-error a view function changes nothing, so a session has no use for it
contractCall({ address, abi, functions: ['ownerOf'] })
// @ts-expect-error a pure function, as an object
contractCall({ address, abi, functions: [{ name: 'hash', args: [1n] }] })
// @ts-expect-error another function's signature
contractCall({ address, abi, functions: ['steal(uint256)'] })

// @ts-expect-error a number where the ABI has uint256
contractCall({ address, abi, functions: [{ name: 'buy', args: [1, undefined] }] })
// @ts-expect-error a bigint where the ABI has address
contractCall({ address, abi, functions: [{ name: 'mint', args: [1n] }] })
// @ts-expect-error one argument too many
contractCall({ address, abi, functions: [{ name: 'mint', args: [address, 1n] }] })
// @ts-expect-error null does not mean "any"
contractCall({ address, abi, functions: [{ name: 'buy', args: [1n, null] }] })

// @ts-expect-error an amount is a bigint
contractCall({ address, abi, valueLimit: 1 })
// @ts-expect-error a count is a number
contractCall({ address, abi, callLimit: 1n })
// @ts-expect-error an address is 0x…
contractCall({ address: 'sword.eth', abi })

// An ABI known only at run time takes any name.
declare const looseAbi: Abi
contractCall({ address, abi: looseAbi, functions: ['anything', { name: 'anything', args: [1, 'two'] }] })
