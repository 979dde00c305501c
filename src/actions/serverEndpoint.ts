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
