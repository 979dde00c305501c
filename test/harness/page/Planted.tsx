import { useEffect, useState } from 'react'

let plant: ((value: unknown) => void) | undefined

/** A component that holds in its state what it was given, and shows nothing of it. */
export function Planted(): null {
  const [, setValues] = useState<readonly unknown[]>([])
  useEffect(() => {
    plant = (value) => setValues((before) => [...before, value])
  }, [])
  return null
}

export function plantInTree(value: unknown): void {
  if (!plant) throw new Error('<Planted /> is not mounted.')
  plant(value)
}
