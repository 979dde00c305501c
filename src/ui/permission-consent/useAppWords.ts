'use client'
import { useMemo } from 'react'
import type { ConsentRequest } from '../../consent/consentRequest.js'
import { contractWords, type ClearSigningDescriptor } from '../../permissions/clearSigning.js'
import { quotedWords } from '../../permissions/clearSigningValue.js'
import { describeAppWords, type FunctionAppWords } from '../../permissions/describeAppWords.js'
import { descriptionContext, type DescribeOptions } from '../../permissions/description.js'
import type { Permission } from '../../permissions/permission.js'

/** What the app's clear-signing files say about one permission. */
export type AppWords = {
  /** The contract and its owner, as the app calls them, in quotation marks. */
  contract: readonly string[]
  functions: readonly FunctionAppWords[]
}

/** By position of the permission; undefined where no file is bound to its contract. */
export function useAppWords({
  request,
  permissions,
  descriptors = none,
  options,
}: {
  request: ConsentRequest
  permissions: readonly Permission[]
  descriptors: readonly ClearSigningDescriptor[] | undefined
  options: DescribeOptions
}): readonly (AppWords | undefined)[] {
  const { account, chain } = request
  // A file may be long, and is read through.
  const read = useMemo(
    () => permissions.map((permission) => (permission.type === 'contract-call' ? contractWords(descriptors, chain.id, permission.address) : undefined)),
    [permissions, descriptors, chain.id],
  )
  const context = descriptionContext(options)
  return permissions.map((permission, index) => {
    const words = read[index]
    if (permission.type !== 'contract-call' || !words) return undefined
    return {
      contract: [words.contractName, words.owner].flatMap((name) => quotedWords(context, name) ?? []),
      functions: describeAppWords(context, { permission, words, chainId: chain.id, account }),
    }
  })
}

const none: readonly ClearSigningDescriptor[] = []
