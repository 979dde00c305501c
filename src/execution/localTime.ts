/** Local time, as the screens show it. */
export function localTime(seconds: number, timeStyle: 'short' | 'medium' = 'short'): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle }).format(new Date(seconds * 1000))
}
