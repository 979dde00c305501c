'use client'
import { useEffect, useState } from 'react'
import type { ConsentRequest } from '../../consent/consentRequest.js'
import { canonicalText } from '../../permissions/canonicalText.js'
import { exposureOf } from '../../permissions/exposure.js'
import type { PriceSource, Prices } from '../../permissions/prices.js'

/** What the app says tokens are worth. Nothing until it has answered, and nothing where it cannot: a consent waits for no price. */
export function usePrices(request: ConsentRequest | undefined, source: PriceSource | undefined): Prices | undefined {
  const [known, setKnown] = useState<{ asked: string; prices: Prices }>()
  const tokens = request?.type === 'permissions' ? exposureOf({ ...request, now: request.chainTime }).tokens.map(({ token }) => ({ chainId: request.chain.id, token })) : []
  const asked = canonicalText([request?.id, tokens])
  useEffect(() => {
    if (!source || tokens.length === 0) return
    let wanted = true
    void (async () => {
      const answers = await source(tokens)
      if (wanted) setKnown({ asked, prices: Object.fromEntries(tokens.map(({ token }, index) => [token.toLowerCase(), answers[index]])) })
    })().catch(() => undefined)
    return () => {
      wanted = false
    }
    // Everything that is asked is in its text.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asked, source])
  return known?.asked === asked ? known.prices : undefined
}
