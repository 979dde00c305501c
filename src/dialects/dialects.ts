import type { Dialect } from './dialect.js'
import { erc7715 } from './erc7715.js'
import { erc7715From2024 } from './erc7715From2024.js'
import { openfort } from './openfort.js'
import { porto } from './porto.js'

/** Every dialect the kit speaks, in the order in which a wallet is asked for them. A new one is a file and a line here. */
const known = [openfort, porto, erc7715, erc7715From2024] as const satisfies readonly Dialect[]

export type DialectId = (typeof known)[number]['id']

export const dialects: readonly Dialect[] = known
