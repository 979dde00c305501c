import type { UnixSeconds } from '../../permissions/permission.js'

/** What `<input type="datetime-local">` holds: the clock on the user's wall, to the minute. */
export function toLocalInput(moment: UnixSeconds): string {
  const date = new Date(moment * 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [String(date.getFullYear()).padStart(4, '0'), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** Undefined while it is not filled in. An hour that a change of clocks skips is the one after it. */
export function fromLocalInput(text: string): UnixSeconds | undefined {
  const milliseconds = text === '' ? Number.NaN : new Date(text).getTime()
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000)
}
