'use client'
import { forwardRef, type ForwardedRef, type ReactElement } from 'react'
import { useSessionStorage } from '../../react/useSessionStorage.js'
import type { ConfigParameter } from '../../react/useSessionKeyConfig.js'
import { mergeMessages, type UiMessages } from '../messages.js'
import { usePart, type PartProps } from '../parts/part.js'

export type StorageNoticeProps = ConfigParameter &
  PartProps<'p', { persistence: 'durable' | 'memory' }> & {
    messages?: Partial<UiMessages> | undefined
  }

/** Says that sessions last only as long as the page; nothing where they are kept. */
export const StorageNotice = forwardRef(function StorageNotice(
  { config, messages, ...given }: StorageNoticeProps,
  ref: ForwardedRef<HTMLParagraphElement>,
): ReactElement | null {
  const { persistence } = useSessionStorage({ config })
  const element = usePart('p', { state: { persistence }, ref, own: { className: 'rsk-storage-notice', role: 'note', children: <bdi>{mergeMessages(messages).notKept}</bdi> }, given })
  return persistence === 'memory' ? element : null
})
