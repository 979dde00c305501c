import { readEnrolmentFault, type EnrolmentRequest } from '../sessions/enrolmentWire.js'
import { toJsonText } from '../sessions/jsonText.js'
import { ServerRefusedSessionError, ServerUnreachableError } from './serverErrors.js'

/** Where the app's server has `createEnrolment(…).handler`; or more about it. */
export type ServerEndpoint =
  | string
  | {
      url: string
      /** Default: the browser's, with the cookies of the page's own origin. */
      fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
      /** Such as the app's bearer token; asked for with each request. */
      headers?: (() => Record<string, string> | Promise<Record<string, string>>) | undefined
    }

export function endpointUrl(endpoint: ServerEndpoint): string {
  return typeof endpoint === 'string' ? endpoint : endpoint.url
}

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
