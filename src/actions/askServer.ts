import { readEnrolmentFault, type EnrolmentRequest } from '../sessions/enrolmentWire.js'
import { toJsonText } from '../sessions/jsonText.js'
import { ServerRefusedSessionError, ServerUnreachableError } from './serverErrors.js'
import { endpointUrl, type ServerEndpoint } from './serverEndpoint.js'

/** @throws {ServerRefusedSessionError} {@link ServerUnreachableError} */
export async function askServer<answer>(endpoint: ServerEndpoint, message: EnrolmentRequest, read: (text: string) => answer | undefined): Promise<answer> {
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
    throw new ServerUnreachableError({ reason: (cause as Error).message, cause: cause as Error })
  }
  if (response.ok) {
    const answer = read(text)
    if (answer !== undefined) return answer
    throw new ServerUnreachableError({ reason: 'its answer is none of this protocol' })
  }
  const fault = readEnrolmentFault(text)
  if (!fault || response.status >= 500) throw new ServerUnreachableError({ reason: `it answered ${response.status}` })
  throw new ServerRefusedSessionError({ ...fault.error, status: response.status })
}
