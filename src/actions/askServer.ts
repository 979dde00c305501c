import { readEnrolmentFault, type EnrolmentFault } from '../sessions/enrolmentWire.js'
import { toJsonText } from '../sessions/jsonText.js'
import { ServerUnreachableError } from './serverErrors.js'
import { endpointUrl, type ServerEndpoint } from './serverEndpoint.js'

/** How one of the server's handlers is spoken to. */
export type ServerProtocol<message> = {
  /** What makes the handler, for whoever has to find out why it does not answer. */
  handler: string
  refused: (fault: EnrolmentFault['error'] & { status: number }) => Error
  /** Never sent: it ties the messages to their handler. */
  message?: message
}

/** @throws what `protocol.refused` makes {@link ServerUnreachableError} */
export async function askServer<message, answer>(protocol: ServerProtocol<message>, endpoint: ServerEndpoint, message: message, read: (text: string) => answer | undefined): Promise<answer> {
  const { handler } = protocol
  const { fetch: send = (url: string, init: RequestInit) => fetch(url, init), headers } = typeof endpoint === 'string' ? {} : endpoint
  let response: Response
  let text: string
  try {
    response = await send(endpointUrl(endpoint), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await headers?.()) },
      body: toJsonText(message),
    })
    text = await response.text()
  } catch (cause) {
    throw new ServerUnreachableError({ reason: (cause as Error).message, handler, cause: cause as Error })
  }
  if (response.ok) {
    const answer = read(text)
    if (answer !== undefined) return answer
    throw new ServerUnreachableError({ reason: 'its answer is none of this protocol', handler })
  }
  const fault = readEnrolmentFault(text)
  if (!fault || response.status >= 500) throw new ServerUnreachableError({ reason: `it answered ${response.status}`, handler })
  throw protocol.refused({ ...fault.error, status: response.status })
}
