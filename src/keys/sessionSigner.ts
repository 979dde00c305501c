import type { Address, LocalAccount } from 'viem'
import type { AccountDeployment } from '../delegation/p256Account.js'

/** A key that acts through a contract account: it signs typed data (ERC-1271), and sends and authorises nothing itself. */
export type ContractSigner = {
  type: 'contract'
  address: Address
  signTypedData: LocalAccount['signTypedData']
  /** What deploys the account, where it is not there yet. */
  deployment: AccountDeployment
}

/** Signs as the session. `type` says as what: an account of its own (`local`), or a contract. */
export type SessionSigner = LocalAccount | ContractSigner
