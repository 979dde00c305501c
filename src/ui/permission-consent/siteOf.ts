import { untrustedText } from '../../permissions/untrustedText.js'

export type Site = {
  /** `shop.example`; with the scheme where it is not https. Foreign letters stay in punycode, as they cannot deceive there. */
  name: string | undefined
  secure: boolean
}

const localHosts = /^(localhost|127\.0\.0\.1|\[::1\]|[^/]+\.localhost)$/

export function siteOf(origin: string): Site {
  try {
    const { protocol, host, hostname } = new URL(origin)
    if (protocol === 'https:' || (protocol === 'http:' && localHosts.test(hostname))) return { name: host, secure: true }
    return { name: `${protocol}//${host}`, secure: protocol !== 'http:' }
  } catch {
    return { name: untrustedText(origin, 80), secure: true }
  }
}

/** Only what an image element may fetch without telling more than that it was shown. */
export function safeIcon(icon: string | undefined): string | undefined {
  return icon && /^(https:\/\/|data:image\/)/i.test(icon) ? icon : undefined
}
