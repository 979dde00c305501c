import type { Address } from 'viem'
import { contractWords, type ClearSigningDescriptor, type ContractWords } from './clearSigning.js'
import { quotedWords } from './clearSigningValue.js'
import { describeAppWords, type FunctionAppWords } from './describeAppWords.js'
import { descriptionContext, type DescribeOptions } from './description.js'
import type { Permission } from './permission.js'

/** What the app's clear-signing files say about one permission. */
export type AppWords = {
  /** The contract and its owner, as the app calls them, in quotation marks. */
  contract: readonly string[]
  functions: readonly FunctionAppWords[]
}

export type ReadAppWordsParameters = { permissions: readonly Permission[]; descriptors: readonly ClearSigningDescriptor[]; chainId: number; account: Address }

/** Reads the files, which may be long; what it returns puts them into words, by position of the permission: undefined where no file is bound to its contract. */
export function readAppWords({ permissions, descriptors, chainId, account }: ReadAppWordsParameters): (options: DescribeOptions) => readonly (AppWords | undefined)[] {
  const read = permissions.map((permission): ContractWords | undefined =>
    permission.type === 'contract-call' ? contractWords(descriptors, chainId, permission.address) : undefined,
  )
  return (options) => {
    const context = descriptionContext(options)
    return permissions.map((permission, index) => {
      const words = read[index]
      if (permission.type !== 'contract-call' || !words) return undefined
      return {
        contract: [words.contractName, words.owner].flatMap((name) => quotedWords(context, name) ?? []),
        functions: describeAppWords(context, { permission, words, chainId, account }),
      }
    })
  }
}
