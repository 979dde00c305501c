import { concatHex, encodeErrorResult, numberToHex, parseAbi, type Hex } from 'viem'
import { expect, test } from 'vitest'
import { decodeRevertReason } from '../../src/delegation/revertReason.js'

const abi = parseAbi(['error Error(string reason)', 'error Panic(uint256 code)', 'error InvalidDelegate()', 'error ERC20InsufficientBalance(address, uint256, uint256)'])
const said = (reason: string) => encodeErrorResult({ abi, errorName: 'Error', args: [reason] })

test.each([
  ['an enforcer’s reason', said('TimestampEnforcer:expired-delegation'), 'TimestampEnforcer', 'expired-delegation'],
  ['a contract’s own words', said('Not for sale'), 'call', 'Not for sale'],
  ['the manager’s own error', encodeErrorResult({ abi, errorName: 'InvalidDelegate' }), 'DelegationManager', 'InvalidDelegate'],
  ['a panic, which any contract may have', encodeErrorResult({ abi, errorName: 'Panic', args: [0x41n] }), 'call', 'panic 0x41'],
  ['a panic of a number that no compiler has', concatHex(['0x4e487b71', numberToHex(7n, { size: 32 })]), 'call', 'panic 0x07'],
] as const)('%s', (_, data, contract, reason) => {
  expect(decodeRevertReason(data)).toEqual({ contract, reason, data })
})

test.each<Hex>(['0x', '0x12345678', concatHex(['0x4e487b71', `0x${'ff'.repeat(32)}`]), encodeErrorResult({ abi, errorName: 'ERC20InsufficientBalance', args: [`0x${'11'.repeat(20)}`, 1n, 2n] })])(
  '%s says nothing that is known',
  (data) => expect(decodeRevertReason(data)).toBeUndefined(),
)
