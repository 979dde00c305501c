/** An error as an EIP-1193 provider throws it. */
export function rpcError(code: number, message: string): Error & { code: number } {
  return Object.assign(new Error(message), { code })
}

/** EIP-1193 4001 */
export const userRejected = () => rpcError(4001, 'User rejected the request.')

/** EIP-1193 4900 */
export const disconnected = () => rpcError(4900, 'The provider is disconnected from all chains.')

/** EIP-1193 4100 */
export const unauthorized = (message = 'The requested account or method has not been authorized by the user.') => rpcError(4100, message)

/** EIP-1193 4200 */
export const unsupportedMethod = (method: string) => rpcError(4200, `The provider does not support ${method}.`)

/** JSON-RPC -32602 */
export const invalidParams = (message: string) => rpcError(-32602, message)
