import type { Locale } from '../../ui/locale.js'
import { consent } from './consent.js'
import { permissions } from './permissions.js'
import { sessions } from './sessions.js'

/** Modern Standard Arabic, from right to left, with Latin digits. */
export const ar: Locale = { ...permissions, ...consent, ...sessions }
