import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { ConsentDecision, ConsentRejection, ConsentRequest, ConsentTerms, OnConsent } from './consentRequest.js'

/** Nothing on the page can show the consent; that is never taken for a yes. */
export class ConsentNotMountedError extends SessionKeyError {
  override readonly name = 'ConsentNotMountedError'
  constructor() {
    super('The wallet has to ask the user, and no consent dialog is mounted.', {
      metaMessages: [
        'Render <PermissionConsentDialog /> once under SessionKeyProvider, or use usePendingConsent().',
        'Outside React: pass onConsent to the wallet.',
      ],
    })
  }
}

/** Requests that wait for the user, oldest first: a wallet asks, one view shows and answers. */
export type ConsentQueue = {
  /** @throws {ConsentNotMountedError} no view is mounted */
  ask: OnConsent
  /** With `terms` to less than what was shown. */
  approve(id: string, terms?: ConsentTerms): void
  reject(id: string, reason?: ConsentRejection): void
  /** The request to show now. The same object until it is answered. */
  getSnapshot(): ConsentRequest | undefined
  /** One that was approved and is not done yet. */
  getGranting(): ConsentRequest | undefined
  /** Shows an approved one no longer; it goes on. */
  hide(id: string): void
  subscribe(listener: () => void): () => void
  /** A view that can show requests is there until the returned function is called. */
  mount(): () => void
}

export function createConsentQueue(): ConsentQueue {
  let waiting: readonly { request: ConsentRequest; answer: (decision: ConsentDecision) => void }[] = []
  let granting: readonly ConsentRequest[] = []
  let views = 0
  const listeners = new Set<() => void>()

  function notify() {
    for (const listener of listeners) listener()
  }

  function answer(id: string, decision: ConsentDecision) {
    const found = waiting.find(({ request }) => request.id === id)
    if (!found) return
    waiting = waiting.filter((item) => item !== found)
    found.answer(decision)
    notify()
  }

  function hide(id: string) {
    if (!granting.some((request) => request.id === id)) return
    granting = granting.filter((request) => request.id !== id)
    notify()
  }

  return {
    ask(request) {
      if (views === 0) return Promise.reject(new ConsentNotMountedError())
      return new Promise((resolve) => {
        waiting = [...waiting, { request, answer: resolve }]
        notify()
      })
    },
    approve(id, terms) {
      granting = [...granting, ...waiting.flatMap(({ request }) => (request.id === id ? request : []))]
      answer(id, { approved: true, ...(terms ? { terms } : {}), settled: () => hide(id) })
    },
    reject: (id, reason = 'reject-press') => answer(id, { approved: false, reason }),
    getSnapshot: () => waiting[0]?.request,
    getGranting: () => granting[0],
    hide,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    mount() {
      views += 1
      let mounted = true
      return () => {
        if (!mounted) return
        mounted = false
        views -= 1
        // Strict Mode takes a view away and puts it back in one go; only a view that stays away rejects.
        queueMicrotask(() => {
          if (views > 0) return
          for (const { request } of waiting) answer(request.id, { approved: false, reason: 'unmounted' })
        })
      }
    },
  }
}
