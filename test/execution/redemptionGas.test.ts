import { createClient, custom, type Address, type Hex, type LocalAccount } from 'viem'
import { expect, test } from 'vitest'
import { caveats } from '../../src/delegation/caveats.js'
import { randomSalt } from '../../src/delegation/delegation.js'
import { rootAuthority } from '../../src/delegation/framework.js'
import { decodeRedeemDelegations, type Redemption } from '../../src/delegation/redeem.js'
import { createRedemptionGas } from '../../src/execution/redemptionGas.js'

const key: Address = '0x00000000000000000000000000000000000000b2'
const failing: Address = '0x00000000000000000000000000000000000000f1'

function redemptionTo(to: Address): Redemption {
  const delegation = { delegate: key, delegator: key, authority: rootAuthority, caveats: [caveats.callLimit(5)], salt: randomSalt(), signature: '0x' } as const
  return { delegations: [delegation], execution: { to, value: 0n, data: '0x' } }
}
const redemption = (count: number, to: Address = key) => ({
  chainId: 1,
  signer: { address: key } as LocalAccount,
  redemptions: [...Array.from({ length: count - 1 }, () => redemptionTo(key)), redemptionTo(to)],
  checked: false,
})

/** A node that keeps to the cap itself: each call takes 200 000, and what takes too much fails in the words given. */
function gasAt(refuse: () => never) {
  const client = createClient({
    transport: custom(
      {
        request: async ({ params }: { params: readonly [{ data: Hex }] }) => {
          const calls = decodeRedeemDelegations(params[0].data) ?? []
          if (calls.some(({ execution }) => execution.to === failing)) throw Object.assign(new Error('execution reverted'), { code: 3 })
          return calls.length * 200_000 > 16_777_216 ? refuse() : `0x${(calls.length * 200_000).toString(16)}`
        },
      },
      { retryCount: 0 },
    ),
  })
  return createRedemptionGas(client)
}
const inWords = (message: string, code: number) => gasAt(() => {
  throw Object.assign(new Error(message), { code })
})

test('what fits is what the node says', async () => {
  expect(await inWords('gas required exceeds allowance (16777216)', -32000).estimate(redemption(80))).toBe(16_000_000n)
})

test('what takes more than a transaction may have is said so, where the node says so and where it only says that it reverts', async () => {
  await expect(inWords('gas required exceeds allowance (16777216)', -32000).estimate(redemption(90))).rejects.toMatchObject({ name: 'GasCapExceededError', gas: undefined })
  await expect(inWords('execution reverted', 3).estimate(redemption(90))).rejects.toMatchObject({ name: 'GasCapExceededError', gas: 18_000_000n })
  await expect(inWords('execution reverted', 3).estimate(redemption(300))).rejects.toMatchObject({ name: 'GasCapExceededError', gas: 60_000_000n })
})

test('a contract that fails without a word is not taken for too much gas', async () => {
  for (const count of [1, 2, 90]) await expect(inWords('execution reverted', 3).estimate(redemption(count, failing))).rejects.toMatchObject({ name: 'EstimateGasExecutionError' })
})
