import { custom, type Chain, type Client, type CustomTransport, type Transport } from 'viem'
import { causesOf } from '../dialects/walletErrors.js'
import { createJsonRpcEndpoint, NoAnswerError, type JsonRpcEndpointParameters } from './jsonRpcEndpoint.js'
import { BundlerUnreachableError, InvalidBundlerConfigError } from './userOperationErrors.js'

/** viem's client of a bundler. */
export type Bundler = Client<Transport, Chain | undefined, undefined>

export type BundlerService = 'bundler' | 'paymaster'

/** What a bundler or a paymaster service answers when it refuses. For the lane to say in the kit's words. */
export class BundlerRefusal extends Error {
  override readonly name = 'BundlerRefusal'
  readonly service: BundlerService
  readonly code: number
  readonly data: unknown
  constructor({ service, code, message, data, cause }: { service: BundlerService; code: number; message: string; data?: unknown; cause?: unknown }) {
    super(message.slice(0, maxReasonLength), { cause })
    this.service = service
    this.code = code
    this.data = data
  }
}

const maxReasonLength = 2_000

/** The service's own refusal inside what viem makes of it. */
export function findRefusal(error: unknown): BundlerRefusal | undefined {
  return causesOf(error).find((cause) => cause instanceof BundlerRefusal)
}

export function findUnreachable(error: unknown): BundlerUnreachableError | undefined {
  return causesOf(error).find((cause) => cause instanceof BundlerUnreachableError)
}

/**
 * viem's way to a bundler or a paymaster service. viem's own would write the URL, where keys live, into its errors.
 * @throws {InvalidBundlerConfigError} at once, for a url or a header that cannot be used
 */
export function bundlerTransport(service: BundlerService, parameters: JsonRpcEndpointParameters, { timeoutMs = 15_000 }: { timeoutMs?: number | undefined } = {}): CustomTransport {
  const { host, redact, post } = createJsonRpcEndpoint(parameters, {
    who: service,
    error: (message, metaMessages) => new InvalidBundlerConfigError(message, { metaMessages }),
  })
  async function request({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
    const answer = await post({ method, params, timeoutMs }).catch((error: unknown) => {
      throw error instanceof NoAnswerError ? new BundlerUnreachableError({ service, host, reason: error.reason, cause: error.cause as Error | undefined }) : error
    })
    switch (answer.type) {
      case 'result':
        return answer.result
      case 'error':
        throw new BundlerRefusal({ service, ...redact(answer.error) })
      case 'unreadable':
        throw new BundlerUnreachableError({ service, host, reason: `HTTP ${answer.httpStatus}, ${answer.problem}` })
      default:
        return answer satisfies never
    }
  }
  return custom({ request }, { retryCount: 0 })
}
