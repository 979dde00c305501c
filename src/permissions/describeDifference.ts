import { compare, type Difference, type Terms } from './compare.js'
import { describePermission } from './describe.js'
import { describeChanges } from './describeChange.js'
import { descriptionContext, type DescribeOptions } from './description.js'
import { momentText } from './describeMoment.js'
import { pairPermissions, targetOf } from './pairPermissions.js'

/** One way in which an answer is not the question, in words. */
export type DifferenceRow = {
  kind: Difference['kind']
  /** What it is about: a permission as it was asked, or the whole session (undefined). */
  about: string | undefined
  label: string
  /** Undefined where nobody asked for it. */
  asked: string | undefined
  /** Undefined where it was not granted. */
  granted: string | undefined
}

/** Asked against granted, row by row. Nothing where they are the same. */
export function describeDifferences(asked: Terms, granted: Terms, options: DescribeOptions = {}): readonly DifferenceRow[] {
  const context = descriptionContext(options)
  const { messages } = context
  const summaryOf = (terms: Terms, index: number) => {
    const permission = terms.permissions[index]
    return permission && describePermission(permission, options).summary
  }
  const pairs = pairPermissions(asked.permissions, granted.permissions)
  const end = (expiry: number) => (expiry === 0 ? messages.neverEnds : momentText(context, expiry, { zone: true }))
  return compare(asked, granted).flatMap(({ asked: index, path, kind }): DifferenceRow[] => {
    if (path === 'expiry' && index === undefined) return [{ kind, about: undefined, label: messages.rows.expiry, asked: end(asked.expiry), granted: end(granted.expiry) }]
    if (index === undefined) {
      return [{ kind, about: undefined, label: messages.rows.permission, asked: undefined, granted: summaryOf(granted, Number(/\d+/.exec(path)?.[0] ?? -1)) }]
    }
    const about = summaryOf(asked, index)
    const [one, other] = [asked.permissions[index], granted.permissions[pairs[index] ?? -1]]
    if (!one || !other || targetOf(one) !== targetOf(other)) {
      return [{ kind, about, label: messages.rows.permission, asked: about, granted: other && describePermission(other, options).summary }]
    }
    const change = describeChanges(one, other, options).find((found) => found.path === path)
    return change ? [{ kind, about, label: change.label, asked: change.before, granted: change.after }] : []
  })
}
