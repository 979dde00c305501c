/** A transaction with more gas is invalid. @see EIP-7825 */
export const transactionGasCap = 16_777_216n
