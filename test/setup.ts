import '@testing-library/jest-dom/vitest'
import { afterEach } from 'vitest'

// The vendor kit reports its use unless told not to.
process.env['DO_NOT_TRACK'] = '1'

afterEach(async () => {
  if (typeof document === 'undefined') return
  const { cleanup } = await import('@testing-library/react')
  cleanup()
})
