/** What a key signs to show that it is there; worth nothing to anybody. */
export const proof = {
  domain: { name: 'Harness' },
  types: { Proof: [{ name: 'text', type: 'string' }] },
  primaryType: 'Proof',
  message: { text: 'This key was not lost.' },
} as const
