import { decodeAbiParameters, type AbiParameter, type Hex } from 'viem'

/** The pinned arguments, members by position; undefined where any value is allowed. Throws where they do not fit. */
export function pinnedValues(inputs: readonly AbiParameter[], args: readonly (Hex | null)[]): readonly unknown[] {
  return inputs.map((input, index) => {
    const encoded = args[index]
    return encoded ? decodeAbiParameters([nameless(input)], encoded)[0] : undefined
  })
}

/** An argument without the names of its members: they are others' words, and would be keys of an object (`__proto__`). */
function nameless(input: AbiParameter): AbiParameter {
  return 'components' in input ? { type: input.type, components: input.components.map(nameless) } : { type: input.type }
}
