import {
  BaseError,
  InternalRpcError,
  InvalidParamsRpcError,
  RpcError,
  RpcRequestError,
  UnauthorizedProviderError,
  UnsupportedChainIdError,
} from 'viem'
import * as v from 'valibot'
import {
  ForbiddenTargetError,
  InvalidExpiryError,
  InvalidPermissionError,
  UndoneLimitError,
  UnpinnableArgumentError,
} from '../permissions/errors.js'

/** -32602. The reason is in the message, and stays there when a client wraps the error. */
export function invalidParams(reason: string | Error): InvalidParamsRpcError {
  const cause = typeof reason === 'string' ? new Error(reason) : reason
  return withReason(new InvalidParamsRpcError(cause), cause)
}

/** 4100: the request is for another account than this wallet's, or the wallet is not connected. */
export function unauthorized(reason: string): UnauthorizedProviderError {
  return new UnauthorizedProviderError(new Error(reason))
}

/** 5710 */
export function unsupportedChain(chainId: number): UnsupportedChainIdError {
  return new UnsupportedChainIdError(new Error(`This wallet is not on chain ${chainId}.`))
}

/**
 * Whatever went wrong, in the shape of EIP-1193: a defect of the request is -32602, what has a code keeps it, all else
 * is -32603 with the original error as `cause`.
 */
export function toRpcError(error: unknown): Error {
  if (error instanceof RpcError || error instanceof RpcRequestError) return error
  if (v.isValiError(error)) return invalidParams(issueText(error.issues[0]))
  if (error instanceof Error && requestDefects.some((defect) => error instanceof defect)) return invalidParams(error)
  const cause = error instanceof Error ? error : new Error('The wallet failed.', { cause: error })
  return withReason(new InternalRpcError(cause), cause)
}

/** @throws InvalidParamsRpcError anything but the exact shape */
export function parseParams<schema extends v.GenericSchema>(schema: schema, params: unknown): v.InferOutput<schema> {
  const result = v.safeParse(schema, params)
  if (result.success) return result.output
  throw invalidParams(issueText(result.issues[0]))
}

const requestDefects = [InvalidPermissionError, UnpinnableArgumentError, ForbiddenTargetError, UndoneLimitError, InvalidExpiryError]

function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  return `${path ? `${path}: ` : ''}${issue.message.slice(0, 300)}`
}

/** viem leaves the reason out where the cause is an error of its own kind without `details`, as all of the kit's are. */
function withReason<error extends RpcError>(error: error, cause: Error): error {
  if (error.details || !(cause instanceof BaseError)) return error
  error.details = cause.shortMessage
  error.message = `${error.message}\nDetails: ${cause.shortMessage}`
  return error
}
