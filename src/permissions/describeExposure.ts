import { amountOf, descriptionContext, nativeTokenOf, tokenOf, type DescribeOptions } from './description.js'
import { periodText } from './describeMoment.js'
import { exposureOf, type ExposureParameters, type TokenExposure } from './exposure.js'
import { formatInteger, isUnlimited } from './formatAmount.js'
import type { Permission } from './permission.js'
import { fiatText, priceOf, type Prices } from './prices.js'

export type ExposureLine = {
  token: TokenExposure['token']
  /** `at most 3000 GOLD in all: 1000 GOLD per day, 3 times` */
  text: string
  /** What it is worth at the app's price; undefined where nobody gave one, or there is no limit. */
  fiat: string | undefined
  unlimited: boolean
}

export type ExposureDescription = {
  lines: readonly ExposureLine[]
  /** Permissions whose calls may spend what nobody can tell from here. */
  unknown: readonly number[]
}

/** The worst case in words, token by token. */
export function describeExposure(parameters: ExposureParameters, { prices, ...options }: DescribeOptions & { prices?: Prices | undefined } = {}): ExposureDescription {
  const context = descriptionContext({ ...options, metadata: parameters.metadata ?? options.metadata })
  const { messages, locale } = context
  const { tokens, unknown } = exposureOf({ ...parameters, metadata: context.metadata })
  const lines = tokens.map(({ token, total, parts }): ExposureLine => {
    const named = token === 'native' ? nativeTokenOf(context) : tokenOf(context, token)
    if (total === undefined) return { token, text: messages.exposureUnlimited(named.name), fiat: undefined, unlimited: true }
    const renewals = parts.flatMap(({ renews }) =>
      renews && renews.periods > 1n
        ? [messages.renewal({ amount: amountOf(context, named, renews.limit), period: periodText(context, renews.periodSeconds), times: formatInteger(renews.periods, locale), count: Number(renews.periods) })]
        : [],
    )
    const price = priceOf(prices, token)
    return {
      token,
      text: messages.exposure({ amount: amountOf(context, named, total), renewals: parts.length === 1 ? renewals : [] }),
      fiat: price && named.decimals !== undefined ? fiatText(total, named.decimals, price, locale) : undefined,
      unlimited: false,
    }
  })
  return { lines, unknown }
}

/** What the limit of one permission is worth at the app's price. */
export function limitFiat(permission: Permission, { prices, ...options }: DescribeOptions & { prices?: Prices | undefined }): string | undefined {
  const context = descriptionContext(options)
  const limit = 'limit' in permission ? permission.limit : 'max' in permission ? permission.max : undefined
  const token = 'token' in permission ? permission.token : 'native'
  const price = priceOf(prices, token)
  const { decimals } = token === 'native' ? nativeTokenOf(context) : tokenOf(context, token)
  return limit === undefined || isUnlimited(limit) || !price || decimals === undefined ? undefined : fiatText(limit, decimals, price, context.locale)
}
