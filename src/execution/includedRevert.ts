import { numberToHex, type Address, type Client, type Hex, type TransactionReceipt } from 'viem'
import { framework } from '../delegation/framework.js'
import { findRevertError, SessionCallRevertedError, type CallRefusedError } from './errors.js'

type IncludedCall = { client: Client; from: Address; data: Hex; receipt: TransactionReceipt }

/** Why an included redemption reverted: its receipt does not say, so it is run again on the state that followed it. */
export async function includedRevertError({ client, from, data, receipt }: IncludedCall): Promise<CallRefusedError | SessionCallRevertedError> {
  try {
    await client.request({
      method: 'eth_call',
      params: [{ from, to: framework.DelegationManager, data }, numberToHex(receipt.blockNumber)],
    })
    return new SessionCallRevertedError({})
  } catch (error) {
    return findRevertError(error as Error) ?? new SessionCallRevertedError({ cause: error as Error })
  }
}
