'use client'
import { useEffect, useState } from 'react'

/** Long enough that a click meant for what was there before does not land on Allow. */
export const armDelayMs = 500

/**
 * True once `content` has been on the screen for a while. A window that comes back to the front counts as a change:
 * the user has not been looking. With no delay, which tests have, it is true from the first moment.
 */
export function useArmed(content: string, delayMs: number = armDelayMs): boolean {
  const [armedFor, setArmedFor] = useState<{ content: string }>()
  useEffect(() => {
    if (delayMs <= 0) return
    let timer: ReturnType<typeof setTimeout>
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(() => setArmedFor({ content }), delayMs)
    }
    const disarm = () => {
      setArmedFor(undefined)
      wait()
    }
    wait()
    window.addEventListener('focus', disarm)
    document.addEventListener('visibilitychange', disarm)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('focus', disarm)
      document.removeEventListener('visibilitychange', disarm)
    }
  }, [content, delayMs])
  return delayMs <= 0 || (armedFor !== undefined && armedFor.content === content)
}
