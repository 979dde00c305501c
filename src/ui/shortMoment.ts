import { descriptionContext, type DescribeOptions } from '../permissions/description.js'
import { momentText } from '../permissions/describeMoment.js'
import type { UnixSeconds } from '../permissions/permission.js'

const nearSeconds = 6 * 86_400

/** `Thu 18:00`, and with its date where the weekday alone could be another one. */
export function shortMoment(moment: UnixSeconds, now: UnixSeconds, options: Pick<DescribeOptions, 'locale' | 'timeZone' | 'messages'>): string {
  const context = descriptionContext({ ...options, now })
  if (Math.abs(moment - now) >= nearSeconds) return momentText(context, moment, { zone: false })
  return new Intl.DateTimeFormat(context.locale, {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    numberingSystem: 'latn',
    ...(options.timeZone ? { timeZone: options.timeZone } : {}),
  })
    .format(moment * 1000)
    .replace(', ', ' ')
}
