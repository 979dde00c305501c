const caveatComponents = [
  { name: 'enforcer', type: 'address' },
  { name: 'terms', type: 'bytes' },
  { name: 'args', type: 'bytes' },
] as const

/** The `Caveat` and `Delegation` structs of the framework, as ABI parameters. */
export const caveatsParameter = { name: 'caveats', type: 'tuple[]', components: caveatComponents } as const
export const delegationComponents = [
  { name: 'delegate', type: 'address' },
  { name: 'delegator', type: 'address' },
  { name: 'authority', type: 'bytes32' },
  caveatsParameter,
  { name: 'salt', type: 'uint256' },
  { name: 'signature', type: 'bytes' },
] as const

/** The parts of the framework's interfaces that the kit calls. */
export const delegationManagerAbi = [
  {
    type: 'function',
    name: 'redeemDelegations',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'permissionContexts', type: 'bytes[]' },
      { name: 'modes', type: 'bytes32[]' },
      { name: 'executionCallDatas', type: 'bytes[]' },
    ],
    outputs: [],
  },
  {
    type: 'function',
    name: 'disableDelegation',
    stateMutability: 'nonpayable',
    inputs: [{ name: 'delegation', type: 'tuple', components: delegationComponents }],
    outputs: [],
  },
  {
    type: 'function',
    name: 'disabledDelegations',
    stateMutability: 'view',
    inputs: [{ name: 'delegationHash', type: 'bytes32' }],
    outputs: [{ name: 'isDisabled', type: 'bool' }],
  },
  { type: 'error', name: 'AlreadyDisabled', inputs: [] },
  { type: 'error', name: 'AlreadyEnabled', inputs: [] },
  { type: 'error', name: 'BatchDataLengthMismatch', inputs: [] },
  { type: 'error', name: 'CannotUseADisabledDelegation', inputs: [] },
  { type: 'error', name: 'EmptySignature', inputs: [] },
  { type: 'error', name: 'EnforcedPause', inputs: [] },
  { type: 'error', name: 'InvalidAuthority', inputs: [] },
  { type: 'error', name: 'InvalidDelegate', inputs: [] },
  { type: 'error', name: 'InvalidDelegator', inputs: [] },
  { type: 'error', name: 'InvalidEOASignature', inputs: [] },
  { type: 'error', name: 'InvalidERC1271Signature', inputs: [] },
] as const

/** `LimitedCallsEnforcer` */
export const callCountsAbi = [
  {
    type: 'function',
    name: 'callCounts',
    stateMutability: 'view',
    inputs: [
      { name: 'delegationManager', type: 'address' },
      { name: 'delegationHash', type: 'bytes32' },
    ],
    outputs: [{ name: 'count', type: 'uint256' }],
  },
] as const

/** `ERC20TransferAmountEnforcer`, `NativeTokenTransferAmountEnforcer` */
export const spentMapAbi = [
  {
    type: 'function',
    name: 'spentMap',
    stateMutability: 'view',
    inputs: [
      { name: 'delegationManager', type: 'address' },
      { name: 'delegationHash', type: 'bytes32' },
    ],
    outputs: [{ name: 'amount', type: 'uint256' }],
  },
] as const

/** `ERC20PeriodTransferEnforcer`, `NativeTokenPeriodTransferEnforcer` */
export const periodAvailableAbi = [
  {
    type: 'function',
    name: 'getAvailableAmount',
    stateMutability: 'view',
    inputs: [
      { name: 'delegationHash', type: 'bytes32' },
      { name: 'delegationManager', type: 'address' },
      { name: 'terms', type: 'bytes' },
    ],
    outputs: [
      { name: 'availableAmount', type: 'uint256' },
      { name: 'isNewPeriod', type: 'bool' },
      { name: 'currentPeriod', type: 'uint256' },
    ],
  },
] as const

/** `NonceEnforcer` */
export const currentNonceAbi = [
  {
    type: 'function',
    name: 'currentNonce',
    stateMutability: 'view',
    inputs: [
      { name: 'delegationManager', type: 'address' },
      { name: 'delegator', type: 'address' },
    ],
    outputs: [{ name: 'nonce', type: 'uint256' }],
  },
] as const

/** `IdEnforcer` */
export const isUsedAbi = [
  {
    type: 'function',
    name: 'getIsUsed',
    stateMutability: 'view',
    inputs: [
      { name: 'delegationManager', type: 'address' },
      { name: 'delegator', type: 'address' },
      { name: 'id', type: 'uint256' },
    ],
    outputs: [{ name: 'isUsed', type: 'bool' }],
  },
] as const

/** `ERC20StreamingEnforcer`, `NativeTokenStreamingEnforcer`: the same five words, all zero before the first use. */
export const streamingAllowancesAbi = [
  {
    type: 'function',
    name: 'streamingAllowances',
    stateMutability: 'view',
    inputs: [
      { name: 'delegationManager', type: 'address' },
      { name: 'delegationHash', type: 'bytes32' },
    ],
    outputs: [
      { name: 'initialAmount', type: 'uint256' },
      { name: 'maxAmount', type: 'uint256' },
      { name: 'amountPerSecond', type: 'uint256' },
      { name: 'startTime', type: 'uint256' },
      { name: 'spent', type: 'uint256' },
    ],
  },
] as const
