import { encodePacked, keccak256, stringToHex, type Hex } from 'viem'
import { canonicalText } from './canonicalText.js'
import type { Permission } from './permission.js'

/** Knows a set of permissions again, however its addresses are written. */
export function hashPermissions(permissions: readonly Permission[]): Hex {
  return keccak256(encodePacked(['bytes[]'], [permissions.map((permission) => stringToHex(canonicalText(permission)))]))
}
