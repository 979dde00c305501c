'use client'
import { useEffect, useState, type RefObject } from 'react'

/** Chromium's second version of the API, which also notices what lies on top. */
type VisibilityEntry = IntersectionObserverEntry & { readonly isVisible?: boolean | undefined }
type VisibilityOptions = IntersectionObserverInit & { trackVisibility?: boolean; delay?: number }

/** The browser looks no more often than this, in milliseconds, and refuses less. */
const lookEveryMs = 100

/** Opening moves and fades in, which counts as not to be seen: not worth a word. */
const sayAfterMs = 400

export type Uncovered = {
  /** The element can be seen. */
  uncovered: boolean
  /** It cannot, and that has lasted. */
  sayCovered: boolean
}

/**
 * Not uncovered while the element is off the screen, or something lies over it, as far as the browser can tell: then a press on it was not meant
 * for it. Browsers without the API are taken at their word.
 */
export function useUncovered(element: RefObject<HTMLElement | null>): Uncovered {
  const [uncovered, setUncovered] = useState(true)
  useEffect(() => {
    const watched = element.current
    if (!watched || typeof IntersectionObserver === 'undefined') return
    const options: VisibilityOptions = { threshold: [0, 0.5, 1], trackVisibility: true, delay: lookEveryMs }
    const observer = new IntersectionObserver((entries) => {
      const entry = entries.at(-1) as VisibilityEntry | undefined
      if (entry) setUncovered(entry.intersectionRatio > 0.9 && entry.isVisible !== false)
    }, options)
    observer.observe(watched)
    return () => observer.disconnect()
  }, [element])
  const [sayCovered, setSayCovered] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSayCovered(!uncovered), uncovered ? 0 : sayAfterMs)
    return () => clearTimeout(timer)
  }, [uncovered])
  return { uncovered, sayCovered: sayCovered && !uncovered }
}
