import type { ConsentQueue } from './consentQueue.js'

/** Several queues as one: the wallets of a page share a view. `queues` is asked anew at each use. */
export function mergeConsentQueues(queues: () => readonly ConsentQueue[]): Omit<ConsentQueue, 'ask'> {
  const all = <result>(visit: (queue: ConsentQueue) => result): result[] => queues().map(visit)
  return {
    approve: (id, terms) => void all((queue) => queue.approve(id, terms)),
    reject: (id, reason) => void all((queue) => queue.reject(id, reason)),
    hide: (id) => void all((queue) => queue.hide(id)),
    getGranting: () => all((queue) => queue.getGranting()).find((request) => request !== undefined),
    getSnapshot: () => all((queue) => queue.getSnapshot()).find((request) => request !== undefined),
    subscribe(listener) {
      const stops = all((queue) => queue.subscribe(listener))
      return () => stops.forEach((stop) => stop())
    },
    mount() {
      const unmounts = all((queue) => queue.mount())
      return () => unmounts.forEach((unmount) => unmount())
    },
  }
}
