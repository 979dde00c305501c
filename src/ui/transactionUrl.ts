import type { Chain, Hash } from 'viem'

/** Where the chain's block explorer shows a transaction; undefined where the chain has none, or one that is no web page. */
export function transactionUrl(chain: Chain | undefined, hash: Hash): string | undefined {
  const { url = '' } = chain?.blockExplorers?.default ?? {}
  return /^https?:\/\//.test(url) ? `${url.replace(/\/+$/, '')}/tx/${hash}` : undefined
}
