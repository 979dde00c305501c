'use client'
import { useEffect, useMemo, useState } from 'react'
import type { ConsentRequest } from '../../consent/consentRequest.js'
import type { AppWords } from '../../permissions/appWords.js'
import type { ClearSigningDescriptor } from '../../permissions/clearSigning.js'
import type { DescribeOptions } from '../../permissions/description.js'
import type { Permission } from '../../permissions/permission.js'
import { appWordsReader, loadAppWordsReader } from './appWordsReader.js'

/** What the app's files say, by position of the permission; undefined where no file is bound to its contract. A consent waits for no file. */
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
  const read = useAppWordsReader(descriptors.length > 0)
  const wordsBy = useMemo(() => read?.({ permissions, descriptors, chainId: chain.id, account }), [read, permissions, descriptors, chain.id, account])
  return wordsBy?.(options) ?? []
}

const none: readonly ClearSigningDescriptor[] = []

/** Loads it, where it is needed. */
export function useAppWordsReader(isNeeded: boolean) {
  const [read, setRead] = useState(appWordsReader)
  useEffect(() => {
    if (!isNeeded || read) return
    let wanted = true
    loadAppWordsReader()
      .then((loaded) => wanted && setRead(() => loaded))
      .catch(() => undefined)
    return () => {
      wanted = false
    }
  }, [isNeeded, read])
  return isNeeded ? read : undefined
}
