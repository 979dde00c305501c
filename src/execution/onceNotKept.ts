import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { LaneName, LaneRequest } from './lane.js'

/** A lane was asked to make something happen at most once, or to tell what goes out before it does, and does neither. Nothing was sent. */
export class OnceNotSupportedError extends SessionKeyError {
  override readonly name = 'OnceNotSupportedError'
  constructor({ lane, payer }: { lane: LaneName; payer: string }) {
    super(`The ${lane} lane, where the ${payer} pays, does not keep what it sends to once (\`once\`, \`onOutgoing\`).`, {
      metaMessages: ['Use the direct lane, or a relay that the app pays: directLane(), relayLane(…).'],
    })
  }
}

/** For lanes whose requests carry no number that excludes a second time. @throws {OnceNotSupportedError} */
export function refuseOnce({ once, onOutgoing }: LaneRequest, lane: { name: LaneName; payer: string }): void {
  if (once || onOutgoing) throw new OnceNotSupportedError({ lane: lane.name, payer: lane.payer })
}
