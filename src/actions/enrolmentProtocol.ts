import type { EnrolmentRequest } from '../sessions/enrolmentWire.js'
import type { ServerProtocol } from './askServer.js'
import { ServerRefusedSessionError } from './serverErrors.js'

export const enrolmentProtocol: ServerProtocol<EnrolmentRequest> = { handler: 'createEnrolment', refused: (fault) => new ServerRefusedSessionError(fault) }
