import type { Locale } from '../../ui/locale.js'
import { consent } from './consent.js'
import { permissions } from './permissions.js'
import { sessions } from './sessions.js'

/** Spanish, for readers on both sides of the ocean: `tú`, as apps speak, and `billetera` for what holds the keys. */
export const es: Locale = { ...permissions, ...consent, ...sessions }
