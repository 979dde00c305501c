import type { SessionId } from './session.js'

/**
 * What tabs tell each other of one store: what to read again, and nothing of what is in it. `rev`: the session is another; `acted`: its
 * history is. Kits from before there was a history pass over what has no `rev`.
 */
export type News = { id: SessionId; rev: number } | { id: SessionId; acted: true }

export type TabNews = {
  /** Tells who listens here and in other tabs. */
  tell(news: News): void
  listen(listener: (news: News) => void): () => void
}

/** A channel of that name, open as long as somebody listens. */
export function createTabNews(name: string): TabNews {
  const listeners = new Set<(news: News) => void>()
  let channel: BroadcastChannel | undefined

  function hear(news: News) {
    for (const listener of listeners) listener(news)
  }

  return {
    tell(news) {
      hear(news)
      if (typeof BroadcastChannel === 'undefined') return
      const sender = channel ?? new BroadcastChannel(name)
      sender.postMessage(news)
      if (sender !== channel) sender.close()
    },
    listen(listener) {
      listeners.add(listener)
      if (!channel && typeof BroadcastChannel !== 'undefined') {
        channel = new BroadcastChannel(name)
        channel.onmessage = ({ data }: MessageEvent<unknown>) => {
          const { id, rev, acted } = (data ?? {}) as { id?: unknown; rev?: unknown; acted?: unknown }
          if (typeof id !== 'string') return
          if (typeof rev === 'number') hear({ id, rev })
          else if (acted === true) hear({ id, acted })
        }
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        channel?.close()
        channel = undefined
      }
    },
  }
}
