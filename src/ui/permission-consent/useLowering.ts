'use client'
import { useMemo, useState } from 'react'
import type { ConsentRequest, ConsentTerms } from '../../consent/consentRequest.js'
import { lowerTerms } from '../../consent/lowerTerms.js'
import { lowerPermission } from '../../permissions/adjustableLimits.js'
import type { DescribeOptions } from '../../permissions/description.js'
import type { Permission, UnixSeconds } from '../../permissions/permission.js'
import { emptyDraft, readDraft, type Draft, type DraftProblem } from './readDraft.js'

export type LoweringState = {
  asked: ConsentTerms
  /** What is left of it; `asked` itself where nothing was taken away. */
  terms: ConsentTerms
  /** Every asked permission as far as it is allowed; undefined where it is not. */
  allowed: readonly (Permission | undefined)[]
  draft: Draft
  problems: { readonly [path: string]: DraftProblem }
  write: (path: string, text: string) => void
  omit: (permission: number, omitted: boolean) => void
  endAt: (expiry: UnixSeconds) => void
}

const nothing: ConsentTerms = { permissions: [], expiry: 0 }

/** What the user has typed and unticked. `content` names the request: another one begins afresh. */
export function useLowering(request: ConsentRequest, content: string, options: DescribeOptions): LoweringState {
  const [state, setState] = useState({ content, draft: emptyDraft })
  const draft = state.content === content ? state.draft : emptyDraft
  const asked = useMemo(
    () => (request.type === 'permissions' ? { permissions: request.permissions, expiry: request.expiry } : nothing),
    // The same content in another object is the same request.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [content],
  )
  const { lowering, problems } = readDraft(asked, draft, options)
  const change = (next: Partial<Draft>) => setState({ content, draft: { ...draft, ...next } })
  return {
    asked,
    terms: lowerTerms(asked, lowering),
    allowed: asked.permissions.map((permission, index) => (draft.omitted.includes(index) ? undefined : lowerPermission(permission, lowering.limits?.[index] ?? {}))),
    draft,
    problems,
    write: (path, text) => change({ texts: { ...draft.texts, [path]: text } }),
    omit: (permission, omitted) => change({ omitted: [...draft.omitted.filter((other) => other !== permission), ...(omitted ? [permission] : [])] }),
    endAt: (expiry) => change({ expiry }),
  }
}
