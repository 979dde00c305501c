import '@testing-library/jest-dom/vitest'
import { afterEach } from 'vitest'

// The vendor kit reports its use unless told not to.
process.env['DO_NOT_TRACK'] = '1'

if (typeof document !== 'undefined') {
  const { cleanup, configure } = await import('@testing-library/react')
  // A busy machine is slow, not wrong.
  configure({ asyncUtilTimeout: 10_000 })
  afterEach(cleanup)
}
