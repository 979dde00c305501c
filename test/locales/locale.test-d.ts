import { es } from 'react-session-keys/locales/es'
import type { Locale } from 'react-session-keys/ui'

const { allow, ...withoutAllow } = es
const { GrantFailedError, ...otherErrors } = es.errors
const { token, ...otherRows } = es.rows

// A language that lacks a word is a type error: a message, an error, a row.
// @ts-expect-error `allow` is missing
withoutAllow satisfies Locale
// @ts-expect-error `errors.GrantFailedError` is missing
;({ ...es, errors: otherErrors }) satisfies Locale
// @ts-expect-error `rows.token` is missing
;({ ...es, rows: otherRows }) satisfies Locale

void [allow, GrantFailedError, token]
