/** `18:00:05.250`: when something happened, as exactly as it is known. `at` is in milliseconds. */
export function clockTime(at: number, timeZone?: string | undefined): string {
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    numberingSystem: 'latn',
    ...(timeZone ? { timeZone } : {}),
  }).format(at)
}

/** `22 Nov 2026, 18:00:05`. `at` is in milliseconds. */
export function dateAndTime(at: number, timeZone?: string | undefined): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', numberingSystem: 'latn', ...(timeZone ? { timeZone } : {}) }).format(at)
}
