import { render, screen } from '@testing-library/react'
import { createRef, StrictMode, type ComponentType, type ReactElement, type ReactNode, type Ref } from 'react'
import { describe, expect, test } from 'vitest'

export type GivenProps = { [name: string]: unknown }

export type DescribePartParameters = {
  /** The class that its own CSS goes by. */
  className: string
  /** The element that it makes. */
  tag: string
  /** What it needs around it. */
  wrapper?: (() => ComponentType<{ children?: ReactNode }>) | undefined
}

/** What an app may count on from every part. `element` makes the part with these props on it. */
export function describePart(name: string, element: (props: GivenProps) => ReactElement, { className, tag, wrapper }: DescribePartParameters): void {
  const show = async (props: GivenProps) => {
    const Wrapper = wrapper?.()
    const part = <StrictMode>{element({ 'data-testid': 'part', ...props })}</StrictMode>
    render(Wrapper ? <Wrapper>{part}</Wrapper> : part)
    return screen.findByTestId('part')
  }

  describe(`${name} is a part`, () => {
    test('it passes on what it is given', async () => {
      const part = await show({ title: 'given', lang: 'de', style: { opacity: 0.5 }, 'data-given': 'yes' })
      expect(part.tagName.toLowerCase()).toBe(tag)
      expect(part).toHaveAttribute('title', 'given')
      expect(part).toHaveAttribute('lang', 'de')
      expect(part).toHaveAttribute('data-given', 'yes')
      expect(part.style.opacity).toBe('0.5')
    })

    test('its ref is its element', async () => {
      const ref = createRef<HTMLElement>()
      const part = await show({ ref: ref as Ref<never> })
      expect(ref.current).toBe(part)
    })

    test('a class is added to its own; one and a style can depend on its state', async () => {
      const part = await show({ className: (state: object) => `given ${Object.keys(state).length > 0 ? 'stateful' : ''}`, style: () => ({ opacity: 0.25 }) })
      expect([...part.classList]).toEqual([...className.split(' '), 'given', 'stateful'])
      expect(part.style.opacity).toBe('0.25')
    })

    test('another element takes its place, with all that it has', async () => {
      const ref = createRef<HTMLElement>()
      const own = createRef<HTMLElement>()
      const part = await show({ ref: ref as Ref<never>, title: 'given', render: <section ref={own} className="mine" /> })
      expect(part.tagName).toBe('SECTION')
      expect([...part.classList]).toEqual([...className.split(' '), 'mine'])
      expect(part).toHaveAttribute('title', 'given')
      expect([ref.current, own.current]).toEqual([part, part])
    })

    test('so does what a function makes of its props and state', async () => {
      const part = await show({ render: (props: GivenProps, state: object) => <article {...props} data-keys={Object.keys(state).join()} /> })
      expect(part.tagName).toBe('ARTICLE')
      expect(part).toHaveClass(className)
      expect(part.dataset['keys']).not.toBe('')
    })
  })
}
