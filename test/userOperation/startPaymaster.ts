import { createRequire } from 'node:module'
import { concatHex, encodeAbiParameters, parseAbi, parseAbiParameters, parseEther, type Abi, type Address, type Hex, type LocalAccount } from 'viem'
import { formatUserOperation, toPackedUserOperation, type RpcUserOperation } from 'viem/account-abstraction'
import { framework } from '../../src/delegation/framework.js'
import { serveFetch } from '../../src/testing/chain/serveFetch.js'
import type { LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { newAccount } from '../startShop.js'

const { abi, bytecode } = createRequire(import.meta.url)('@account-abstraction/contracts/artifacts/VerifyingPaymaster.json') as { abi: Abi; bytecode: Hex }

const depositAbi = parseAbi(['function depositTo(address) payable', 'function balanceOf(address) view returns (uint256)', 'function withdrawTo(address, uint256)'])

type Refusal = { code: number; message: string }

/** The VerifyingPaymaster of the EntryPoint's authors, and beside it the service that signs for it (ERC-7677). */
export async function startPaymaster(chain: LocalChain) {
  const signer = newAccount()
  let signs: LocalAccount = signer
  let refusal: Refusal | undefined
  const asked: string[] = []
  const contexts: unknown[] = []
  const [owner] = (await chain.client.request({ method: 'eth_accounts' } as never)) as [Address]
  const address = await chain.deploy({ abi, bytecode, args: [framework.EntryPoint, signer.address], from: owner })
  const send = async (to: Address, functionName: 'depositTo' | 'withdrawTo', args: readonly unknown[], value = 0n) => {
    const hash = await chain.client.writeContract({ account: owner, chain: null, address: to, abi: depositAbi, functionName, args: args as never, value } as never)
    await chain.client.waitForTransactionReceipt({ hash })
  }
  const deposit = () => chain.client.readContract({ address: framework.EntryPoint, abi: depositAbi, functionName: 'balanceOf', args: [address] })
  await send(framework.EntryPoint, 'depositTo', [address], parseEther('10'))

  const [validUntil, validAfter] = [0, 0]
  const terms = encodeAbiParameters(parseAbiParameters('uint48 validUntil, uint48 validAfter'), [validUntil, validAfter])
  const gas = { paymasterVerificationGasLimit: '0x30d40', paymasterPostOpGasLimit: '0x0' } as const

  async function answer(method: string, [request]: [RpcUserOperation<'0.7'>]): Promise<object> {
    if (method === 'pm_getPaymasterStubData') return { paymaster: address, paymasterData: concatHex([terms, `0x${'f'.repeat(31)}0${'0'.repeat(32)}7${'a'.repeat(63)}1c`]), ...gas }
    const userOperation = { ...formatUserOperation(request), paymaster: address, paymasterData: terms }
    const packed = toPackedUserOperation(userOperation as never)
    const hash = (await chain.client.readContract({ address, abi, functionName: 'getHash', args: [packed, validUntil, validAfter] })) as Hex
    return { paymaster: address, paymasterData: concatHex([terms, await signs.signMessage({ message: { raw: hash } })]) }
  }

  const server = await serveFetch(async (incoming) => {
    const { id, method, params } = (await incoming.json()) as { id: number; method: string; params: [RpcUserOperation<'0.7'>, Address, Hex, unknown] }
    asked.push(method)
    contexts.push(params[3])
    if (refusal) return Response.json({ jsonrpc: '2.0', id, error: refusal })
    return Response.json({ jsonrpc: '2.0', id, result: await answer(method, [params[0]]) })
  })
  return {
    url: server.url,
    address,
    asked,
    contexts,
    deposit,
    refuse: (with_: Refusal | undefined) => (refusal = with_),
    /** Whose signature it gives: its own, or one that the contract does not know. */
    signAs: (account: LocalAccount | undefined) => (signs = account ?? signer),
    empty: async () => send(address, 'withdrawTo', [owner, await deposit()]),
    fill: () => send(framework.EntryPoint, 'depositTo', [address], parseEther('10')),
    stop: server.close,
  }
}
