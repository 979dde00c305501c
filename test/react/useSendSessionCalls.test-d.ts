import type { Address } from 'viem'
import { useSendSessionCalls } from '../../src/index.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'

declare const to: Address

/** Compiled by `npm run check`; nothing here runs. */
export function useTypesOfCalls() {
  const { mutate, mutateAsync, data } = useSendSessionCalls()

  mutate({ calls: [{ to, abi: swordAbi, functionName: 'mint', args: [to] }] })
  mutate({ calls: [{ to, data: '0x' }, { to, value: 1n }] }, { onSuccess: ({ transactionHash }) => void transactionHash })
  void mutateAsync({ calls: [{ to, abi: swordAbi, functionName: 'mint', args: [to] }] }).then(({ receipt }) => receipt.blockNumber)
  // @ts-expect-error no such function in the ABI
  mutate({ calls: [{ to, abi: swordAbi, functionName: 'forge', args: [to] }] })
  // @ts-expect-error the argument is an address
  mutate({ calls: [{ to, abi: swordAbi, functionName: 'mint', args: [1n] }] })
  // @ts-expect-error an argument is missing
  mutate({ calls: [{ to, abi: swordAbi, functionName: 'mint', args: [] }] })
  return data?.id
}
