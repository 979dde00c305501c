import type { ActivityRequest } from '../sessions/activityWire.js'
import type { ServerProtocol } from './askServer.js'
import { ServerRefusedActivityError } from './serverErrors.js'

export const activityProtocol: ServerProtocol<ActivityRequest> = { handler: 'createStatusHandler', refused: (fault) => new ServerRefusedActivityError(fault) }
