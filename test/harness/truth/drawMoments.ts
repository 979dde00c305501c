import type { UnixSeconds } from '../../../src/permissions/permission.js'
import type { Draw } from './draw.js'
import type { DrawnSession } from './drawSession.js'

/** When a session is looked at: around its starts, the edges of its periods and its end, and at any time between. */
export function drawMoments(draw: Draw, { permissions, expiry }: DrawnSession, now: UnixSeconds, count: number): readonly UnixSeconds[] {
  const edges = permissions.flatMap(({ permission }) => {
    const { startTime } = permission
    if (startTime === undefined) return []
    const periods = 'period' in permission ? [1, 2, 5].map((index) => startTime + index * permission.period) : []
    return [startTime, ...periods]
  })
  const around = [...edges, expiry].flatMap((edge) => [edge - 1, edge, edge + 1])
  const any = Array.from({ length: count }, () => draw.whole(now + 1, expiry - 1))
  const drawn = new Set(draw.some([...around, ...any].filter((moment) => moment > now && moment <= expiry + 1), count))
  for (let moment = now + 1; drawn.size < count; moment += 1) drawn.add(moment)
  return [...drawn].sort((a, b) => a - b)
}
