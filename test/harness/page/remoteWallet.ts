import type { EIP1193Provider } from 'viem'
import { injected, type CreateConnectorFn } from 'wagmi'

/** A wallet that is another program: it answers at `url`, and lives on when this page does not. */
export function remoteWallet(url: string): CreateConnectorFn {
  const provider = { request: (request: unknown) => ask(url, request), on: () => undefined, removeListener: () => undefined }
  return injected({ target: { id: 'remote', name: 'Remote wallet', provider: provider as unknown as EIP1193Provider } }) as CreateConnectorFn
}

async function ask(url: string, request: unknown): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) })
  const { result, error } = (await response.json()) as { result?: unknown; error?: { code: number; message: string } }
  if (error) throw Object.assign(new Error(error.message), { code: error.code })
  return result
}
