import { useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import type { DemoInfo } from './demoInfo.js'
import { getJson } from './getJson.js'
import { signInMessage } from './wallet.js'

/** Whether the shop's server knows who this is. The wallet signs in by itself: nobody is asked. */
export function useSignIn({ info: { chainId, runId }, player }: { info: DemoInfo; player: Address }): boolean {
  const { data } = useQuery({
    queryKey: ['signIn', player],
    staleTime: Infinity,
    queryFn: async () => {
      const { nonce } = (await getJson('/api/sign-in')) as { nonce: string }
      return getJson('/api/sign-in', await signInMessage({ chainId, runId, nonce }))
    },
  })
  return data !== undefined
}
