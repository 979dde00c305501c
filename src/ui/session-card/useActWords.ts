'use client'
import { useMemo } from 'react'
import type { DescribeActionOptions } from './describeAction.js'
import type { SessionCardInContext } from './SessionCardContext.js'

/** What an act is described with. What else happens to the card does not change it. */
export function useActWords({ session, describe, messages }: SessionCardInContext): DescribeActionOptions {
  const { metadata, nativeCurrency, locale } = describe
  return useMemo(() => {
    const permissions = [...(session?.granted.map(({ permission }) => permission) ?? []), ...(session?.asked.permissions ?? [])]
    return { metadata, nativeCurrency, locale, messages, permissions }
  }, [metadata, nativeCurrency, locale, messages, session])
}
