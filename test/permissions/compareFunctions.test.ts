import { expect, test } from 'vitest'
import { commonFunctions, compareFunctions } from '../../src/permissions/compareFunctions.js'
import type { FunctionScope } from '../../src/permissions/permission.js'

/** Functions of sixty arguments, and how often the text of one was looked at. */
function counted(name: string, count: number) {
  let reads = 0
  const functions = Array.from({ length: count }, (_, index): FunctionScope => {
    const signature = `${name}${index}(${Array.from({ length: 60 }, (_, argument) => `uint256 a${argument}`).join()})`
    return {
      get signature() {
        reads += 1
        return signature
      },
    }
  })
  return { functions, reads: () => reads }
}

test.each([compareFunctions, commonFunctions])('%o: however many there are, each is read once', (put) => {
  const [asked, granted] = [counted('ask', 20), counted('got', 100)]
  put(asked.functions, granted.functions)
  expect([asked.reads(), granted.reads()]).toEqual([20, 100])
})

test('what is common are the functions themselves', () => {
  const [a, b, c] = ['a()', 'b(uint256 x)', 'c(address to)'].map((signature): FunctionScope => ({ signature })) as [FunctionScope, FunctionScope, FunctionScope]
  expect(commonFunctions([a, b], [b, c])).toEqual([b])
  expect(commonFunctions(undefined, [c])).toEqual([c])
  expect(commonFunctions([], undefined)).toBeUndefined()
  expect([compareFunctions([a], [b]), compareFunctions([a, b], [b]), compareFunctions([a], [a, b]), compareFunctions([a], undefined), compareFunctions([a], [a])]).toEqual(['other', 'narrower', 'broader', 'broader', undefined])
})
