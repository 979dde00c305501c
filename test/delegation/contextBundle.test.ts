import fc from 'fast-check'
import type { Hex } from 'viem'
import { expect, test } from 'vitest'
import { encodeContext } from '../../src/delegation/context.js'
import { bundleContexts, unbundleContexts } from '../../src/delegation/contextBundle.js'
import { rootAuthority } from '../../src/delegation/framework.js'

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array): Hex => `0x${Buffer.from(array).toString('hex')}`)
const delegation = fc.record({
  delegate: hex(20),
  delegator: hex(20),
  authority: fc.constant(rootAuthority as Hex),
  caveats: fc.array(fc.record({ enforcer: hex(20), terms: hex(37), args: fc.constant<Hex>('0x') }), { maxLength: 3 }),
  salt: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  signature: hex(65),
})
const context = fc.array(delegation, { minLength: 1, maxLength: 3 }).map(encodeContext)

test('a context stays itself, several come back in order, and neither is taken for the other', () => {
  fc.assert(
    fc.property(fc.array(context, { minLength: 1, maxLength: 5 }), (contexts) => {
      expect(unbundleContexts(bundleContexts(contexts))).toEqual(contexts)
    }),
    { numRuns: 200 },
  )
  fc.assert(
    fc.property(hex(100), (bytes) => {
      expect(unbundleContexts(bytes)).toEqual([bytes])
    }),
  )
})
