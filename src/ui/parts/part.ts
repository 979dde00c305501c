'use client'
import {
  cloneElement,
  createElement,
  useCallback,
  version,
  type ComponentPropsWithoutRef,
  type CSSProperties,
  type ElementType,
  type ReactElement,
  type Ref,
  type RefCallback,
} from 'react'

type OwnProps = { readonly [name: string]: unknown }

/** What every part takes beside the attributes of its element. Part of the public surface: an app styles and replaces parts by these. */
export type PartProps<tag extends keyof HTMLElementTagNameMap, state> = Omit<ComponentPropsWithoutRef<tag>, 'className' | 'style'> & {
  /** Comes after the part's own class. */
  className?: string | ((state: state) => string | undefined) | undefined
  style?: CSSProperties | ((state: state) => CSSProperties | undefined) | undefined
  /** In place of the part's own element: an element, which gets the part's props, or a function of them and of the state. */
  render?: ReactElement | ((props: OwnProps, state: state) => ReactElement) | undefined
}

export type UsePartParameters<state, element> = {
  state: state
  ref: Ref<element>
  /** What the part itself sets; what was given comes on top, handlers and classes beside it. */
  own: OwnProps & { className: string }
  given: { readonly [name: string]: unknown }
}

/** One element of the kit, with the ways out that an app has: props, `className`, `style`, `render` and `ref`. */
export function usePart<state, element>(tag: ElementType, { state, ref, own, given }: UsePartParameters<state, element>): ReactElement {
  const { render, className, style, ...rest } = given as PartProps<'div', state>
  const replacement = typeof render === 'object' ? render : undefined
  const mergedRef = useMergedRef(ref, replacement && refOf<element>(replacement))
  const props = mergeProps(own, {
    ...rest,
    className: typeof className === 'function' ? className(state) : className,
    style: typeof style === 'function' ? style(state) : style,
  })
  if (typeof render === 'function') return render({ ...props, ref }, state)
  if (replacement) return cloneElement(replacement, { ...mergeProps(props, replacement.props as OwnProps), ref: mergedRef } as object)
  return createElement(tag, { ...props, ref })
}

/** The second over the first: classes and styles add up, both handlers run (unless the event's default was prevented). */
export function mergeProps(first: OwnProps, second: OwnProps): OwnProps {
  const merged: Record<string, unknown> = { ...first }
  for (const [name, value] of Object.entries(second)) {
    const before = first[name]
    if (name === 'className') merged[name] = [before, value].filter(Boolean).join(' ')
    else if (name === 'style') merged[name] = before || value ? { ...(before as object), ...(value as object) } : undefined
    else if (/^on[A-Z]/.test(name) && typeof before === 'function' && typeof value === 'function') merged[name] = chained(value as Handler, before as Handler)
    else if (value !== undefined) merged[name] = value
  }
  return merged
}

type Handler = (event?: { defaultPrevented?: boolean }) => void

function chained(theirs: Handler, ours: Handler): Handler {
  return (event) => {
    theirs(event)
    if (!event?.defaultPrevented) ours(event)
  }
}

const hasRefAsProp = Number(version.split('.')[0]) >= 19

/** React 19 made the ref of an element one of its props, and warns of the old place. */
function refOf<element>(replacement: ReactElement): Ref<element> | undefined {
  const { ref } = (hasRefAsProp ? replacement.props : replacement) as { ref?: Ref<element> }
  return ref
}

function useMergedRef<element>(first: Ref<element>, second: Ref<element> | undefined): Ref<element> {
  const both: RefCallback<element> = useCallback(
    (element) => {
      setRef(first, element)
      setRef(second, element)
    },
    [first, second],
  )
  return second ? both : first
}

function setRef<element>(ref: Ref<element> | undefined, element: element | null): void {
  if (typeof ref === 'function') ref(element)
  else if (ref) ref.current = element
}
