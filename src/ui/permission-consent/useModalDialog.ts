'use client'
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type RefObject, type SyntheticEvent } from 'react'

/** React 18 warns about layout effects on a server. */
const useBrowserLayoutEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

export type ModalDialogProps = {
  ref: RefObject<HTMLDialogElement | null>
  onCancel: (event: SyntheticEvent) => void
  onClose: () => void
  onKeyDown: (event: KeyboardEvent) => void
}

/**
 * Opens a native modal dialog while the component is mounted, with the focus where it is safe, and gives the focus
 * back at the end. `shown` names the content: a change moves the focus to the safe place again.
 */
export function useModalDialog({
  shown,
  safeFocus,
  onDismiss,
}: {
  shown: string
  safeFocus: RefObject<HTMLElement | null>
  onDismiss: (reason: 'escape-key' | 'closed') => void
}): ModalDialogProps {
  const ref = useRef<HTMLDialogElement>(null)
  const closing = useRef(false)

  useBrowserLayoutEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    return () => {
      closing.current = true
      if (dialog) close(dialog)
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])

  useBrowserLayoutEffect(() => {
    closing.current = false
    const dialog = ref.current
    if (dialog && !dialog.open) showModal(dialog)
    // `autofocus` is of no use here: React focuses at once, and a closed dialog cannot have the focus.
    safeFocus.current?.focus()
  }, [shown, safeFocus])

  return {
    ref,
    onCancel: (event) => {
      event.preventDefault()
      onDismiss('escape-key')
    },
    onClose: () => {
      // The event comes late: after Strict Mode the dialog is open again, after unmounting nobody asks any more.
      if (closing.current || ref.current?.open) return
      onDismiss('closed')
    },
    onKeyDown: (event) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      onDismiss('escape-key')
    },
  }
}

/** jsdom has the element without its methods; what they do to the page beside it is then not done. */
type AnyDialog = Pick<HTMLDialogElement, 'open'> & Partial<Pick<HTMLDialogElement, 'showModal' | 'close'>>

function showModal(dialog: AnyDialog): void {
  if (dialog.showModal) dialog.showModal()
  else dialog.open = true
}

function close(dialog: AnyDialog): void {
  if (dialog.close) dialog.close()
  else dialog.open = false
}
