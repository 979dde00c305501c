export { check, type Call, type CheckParameters, type Cover, type PermissionUsage, type Refusal, type Verdict } from './check.js'
export type { ClearSigningDescriptor } from './clearSigning.js'
export { compare, isNotBroader, type Difference, type Terms } from './compare.js'
export { hashPermissions } from './hashPermissions.js'
export { contractCall, type ContractCallFunction, type ContractCallParameters } from './contractCall.js'
export { defineSession, defaultSessionName, type SessionDefinition } from './defineSession.js'
export {
  describeExpiry,
  describePermission,
  describeSession,
  type DescribeOptions,
  type DescribeSessionParameters,
  type DescriptionRow,
  type ExpiryDescription,
  type PermissionDescription,
} from './describe.js'
export {
  ForbiddenTargetError,
  InvalidExpiryError,
  InvalidPermissionError,
  UndoneLimitError,
  UnpinnableArgumentError,
} from './errors.js'
export { expiresIn, resolveExpiry, type Duration, type DurationParts } from './expiry.js'
export { permissionMessages, type PermissionMessages } from './messages.js'
export type { Direction } from './direction.js'
export type { ContractMetadata, PermissionMetadata } from './metadata.js'
export type {
  ContractCallPermission,
  Erc20AllowancePermission,
  Erc20PeriodicPermission,
  Erc20Permission,
  Erc20StreamPermission,
  Erc721TransferPermission,
  FunctionScope,
  NativeAllowancePermission,
  NativePeriodicPermission,
  NativePermission,
  NativeStreamPermission,
  Permission,
  PermissionType,
  UnixSeconds,
} from './permission.js'
export { describeChanges, type TermChange } from './describeChange.js'
export { describeDifferences, type DifferenceRow } from './describeDifference.js'
export { describeRisk } from './describeRisk.js'
export { describeExposure, type ExposureDescription, type ExposureLine } from './describeExposure.js'
export { exposureOf, type Exposure, type ExposureParameters, type ExposurePart, type TokenExposure } from './exposure.js'
export type { Price, PricedToken, PriceSource, Prices } from './prices.js'
export { farExpirySeconds, risksOf, type Risk, type RiskKind, type RisksParameters } from './risks.js'
export { networkFees, type NetworkFeesParameters } from './networkFees.js'
export { resolveRequest, type ResolvedRequest } from './resolveRequest.js'
export {
  erc20Allowance,
  erc20Periodic,
  erc20Stream,
  erc721Transfer,
  nativeAllowance,
  nativePeriodic,
  nativeStream,
} from './tokenPermissions.js'
export { validatePermissions, type ValidatePermissionsParameters } from './validatePermissions.js'
