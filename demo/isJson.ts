/** A form of another site can be sent with the player's cookies, but not as JSON without asking first. */
export function isJson({ headers }: Request): boolean {
  return /^application\/json\b/i.test(headers.get('content-type') ?? '')
}
