import { embedded } from './embedded.js'
import { erc7715 } from './erc7715.js'
import { erc7715From2024 } from './erc7715From2024.js'
import { mockConnector } from './mockConnector.js'
import type { MockDialect, OpenMockWallet } from './mockDialect.js'
import { createMockProvider } from './mockProvider.js'
import { none } from './none.js'
import { openfort } from './openfort.js'
import { porto } from './porto.js'
import { zeroDev } from './zeroDev.js'

function plays(dialect: MockDialect): OpenMockWallet {
  return (world) => {
    const provider = createMockProvider(dialect, world)
    return { provider, connector: mockConnector({ ...dialect.connector, provider }) }
  }
}

/** The wallets there are, by what they speak. A new one is a file and a line here. */
export const mockDialects = {
  embedded,
  erc7715: plays(erc7715),
  'erc7715-2024': plays(erc7715From2024),
  zerodev: plays(zeroDev),
  openfort: plays(openfort),
  porto: plays(porto),
  none: plays(none),
} as const satisfies Record<string, OpenMockWallet>

export type MockDialectId = keyof typeof mockDialects
