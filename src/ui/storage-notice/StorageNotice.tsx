'use client'
import { forwardRef, type ForwardedRef, type ReactElement } from 'react'
import { useSessionStorage } from '../../react/useSessionStorage.js'
import type { ConfigParameter } from '../../react/useSessionKeyConfig.js'
import type { UiMessages } from '../messages.js'
import { useMessages } from '../MessagesProvider.js'
import { usePart, type PartProps } from '../parts/part.js'

export type StorageNoticeProps = ConfigParameter &
  PartProps<'p', { persistence: 'durable' | 'memory' }> & {
    messages?: Partial<UiMessages> | undefined
  }

/** Says that sessions last only as long as the page; nothing where they are kept. */
export const StorageNotice = forwardRef(function StorageNotice(
  { config, messages: words, ...given }: StorageNoticeProps,
  ref: ForwardedRef<HTMLParagraphElement>,
): ReactElement | null {
  const { persistence } = useSessionStorage({ config })
  const messages = useMessages(words)
  const own = { className: 'rsk-storage-notice', role: 'note', lang: messages.locale, dir: messages.direction, children: messages.notKept }
  const element = usePart('p', { state: { persistence }, ref, own, given })
  return persistence === 'memory' ? element : null
})
