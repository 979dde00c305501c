import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { concatHex, encodeFunctionData, getAddress, numberToHex, parseEther, parseGwei, parseUnits, type Abi, type Address, type Hex } from 'viem'
import { entryPoint07Abi } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { goldAbi, goldBytecode, swordAbi, swordBytecode } from '../../demo/contracts/artifacts.js'
import { framework } from '../../src/delegation/framework.js'
import type { KnownGrant, Provider } from '../../src/dialects/dialect.js'
import { openfortBackend, type OpenfortBackendParameters, type OpenfortRevokeRequest, type OpenfortSessionRequest } from '../../src/dialects/openfortBackend.js'
import { openfortExecutor, type OpenfortExecutorParameters } from '../../src/execution/openfortExecutor.js'
import type { OpenfortIntentRequest } from '../../src/execution/openfortIntent.js'
import type { Permission } from '../../src/permissions/permission.js'
import { serveFetch } from '../../src/testing/chain/serveFetch.js'
import { startLocalChain } from '../../src/testing/chain/startLocalChain.js'

export const gold = (amount: number) => parseUnits(String(amount), 18)
const newAccount = () => privateKeyToAccount(generatePrivateKey())
const unixNow = () => Math.floor(Date.now() / 1_000)

/**
 * A player with a smart account that knows session keys, 1000 GOLD in it, and the backend of a game that works as Openfort
 * does: it makes user operations, has them signed, and sends them through the EntryPoint, at any outcome.
 */
export async function startOpenfort() {
  const chain = await startLocalChain()
  const { client } = chain
  const owner = newAccount()
  const bundler = newAccount()
  await chain.setBalance(bundler.address, parseEther('100'))
  const { SessionAccount, Liar } = compile('SessionAccount', 'Liar')
  const { abi } = SessionAccount
  const deploy = async (contract: { abi: Abi; bytecode: Hex }, args?: readonly unknown[]) => getAddress(await chain.deploy({ ...contract, args } as never))
  const account = await deploy(SessionAccount, [owner.address, framework.EntryPoint])
  const addresses = {
    gold: await deploy({ abi: goldAbi, bytecode: goldBytecode }),
    sword: await deploy({ abi: swordAbi, bytecode: swordBytecode }),
    liar: await deploy(Liar),
  }
  const [minter] = await client.getAddresses()
  await mined(client.writeContract({ account: minter as Address, address: addresses.gold, abi: goldAbi, functionName: 'mint', args: [account, gold(1000)] }))
  const entryPoint = { address: framework.EntryPoint, abi: entryPoint07Abi } as const
  await mined(client.writeContract({ ...entryPoint, account: bundler, functionName: 'depositTo', args: [account], value: parseEther('1') }))

  async function mined(hash: Promise<Hex>) {
    return client.waitForTransactionReceipt({ hash: await hash })
  }

  async function userOperation(callData: Hex) {
    const nonce = await client.readContract({ ...entryPoint, functionName: 'getNonce', args: [account, 0n] })
    const two = (a: bigint, b: bigint) => concatHex([numberToHex(a, { size: 16 }), numberToHex(b, { size: 16 })])
    const operation = {
      sender: account,
      nonce,
      initCode: '0x',
      callData,
      accountGasLimits: two(500_000n, 1_500_000n),
      preVerificationGas: 100_000n,
      gasFees: two(1n, parseGwei('10')),
      paymasterAndData: '0x',
      signature: '0x',
    } as const
    return { operation, hash: await client.readContract({ ...entryPoint, functionName: 'getUserOpHash', args: [operation] }) }
  }

  type Operation = Awaited<ReturnType<typeof userOperation>>['operation']
  const waiting = new Map<string, { operation: Operation; answer: (transactionHash: Hex) => object }>()
  const encode = (functionName: string, args: readonly unknown[]) => encodeFunctionData({ abi, functionName, args })

  async function propose(id: string, callData: Hex, answer: (transactionHash: Hex) => object) {
    const { operation, hash } = await userOperation(callData)
    waiting.set(id, { operation, answer })
    return { id, isActive: false, nextAction: { type: 'sign_with_wallet', payload: { signableHash: hash } } }
  }

  const routes: Record<string, (body: never) => Promise<object>> = {
    '/v1/sessions': async ({ address, validAfter, validUntil, whitelist, limit }: OpenfortSessionRequest) =>
      propose(`ses_${address}`, encode('registerSessionKey', [address, validAfter, validUntil, limit ?? 2 ** 48 - 1, whitelist]), () => ({
        id: `ses_${address}`,
        object: 'session',
        isActive: true,
        address,
        validAfter: String(validAfter),
        validUntil: String(validUntil),
        whitelist,
        ...(limit ? { limit } : {}),
      })),
    '/v1/sessions/revoke': async ({ address }: OpenfortRevokeRequest) =>
      propose(`ses_${address}`, encode('revokeSessionKey', [address]), () => ({ id: `ses_${address}`, object: 'session', isActive: false })),
    '/v1/transaction_intents': async ({ calls }: OpenfortIntentRequest) => {
      const id = `tin_${crypto.randomUUID()}`
      return propose(id, encode('execute', [calls.map(({ to, value, data }) => ({ to, value: BigInt(value), data }))]), (transactionHash) => ({
        id,
        object: 'transactionIntent',
        response: { createdAt: unixNow(), transactionHash, status: 1 },
      }))
    },
    '/signature': async ({ id, signature }: { id: string; signature: Hex }) => {
      const { operation, answer } = waiting.get(id) ?? failed(`nothing waits for a signature of ${id}`)
      // With the gas named, nobody tries it out before: what the account refuses gets into a block too.
      const args = [[{ ...operation, signature }], bundler.address] as const
      const { transactionHash } = await mined(client.writeContract({ ...entryPoint, account: bundler, functionName: 'handleOps', args, gas: 5_000_000n }))
      return answer(transactionHash)
    },
  }
  const requests: { path: string; body: unknown }[] = []
  const server = await serveFetch(async (request) => {
    const { pathname } = new URL(request.url)
    const body = (await request.json()) as unknown
    requests.push({ path: pathname, body })
    return Response.json(await routes[pathname]?.(body as never))
  })
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(server.url + path, { method: 'POST', body: JSON.stringify(body) })
    return response.ok ? response.json() : failed(`${path} answered ${response.status}`)
  }

  const backend: OpenfortBackendParameters = {
    createSession: (request) => post('/v1/sessions', request),
    signMessage: (hash) => owner.signMessage({ message: { raw: hash } }),
    confirmSession: (confirmation) => post('/signature', confirmation),
    revokeSession: (request) => post('/v1/sessions/revoke', request),
  }
  const intents: OpenfortExecutorParameters = {
    createIntent: (request) => post('/v1/transaction_intents', request),
    submitSignature: (signed) => post('/signature', signed),
  }
  const dialect = openfortBackend(backend)
  const wallet: Provider = { request: ({ method }) => Promise.reject(new Error(`the wallet was asked for ${method}`)) }
  const send = (request: { method: string; params: unknown }) => dialect.request?.(wallet, request)

  return {
    chain,
    client,
    account,
    requests,
    dialect,
    intents,
    ...addresses,
    /** A session as an app gets it, for whole contracts. */
    async grant({ contracts, callLimit, seconds = 3_600 }: { contracts: readonly Address[]; callLimit?: number; seconds?: number }) {
      const key = newAccount()
      const asked = contracts.map((address): Permission => ({ type: 'contract-call', address, valueLimit: 0n, ...(callLimit ? { callLimit } : {}) }))
      const permissions = dialect.express(asked, { list: false }).map((said) => ('permission' in said ? said.permission : failed(said.impossible)))
      // The chain's time: a chain that was set back to a snapshot is behind the clock on the wall.
      const now = Number((await client.getBlock()).timestamp)
      const request = { chainId: chain.chain.id, account, delegate: key.address, permissions, expiry: now + seconds }
      const answer = dialect.decodeGrant(await send(dialect.encodeGrant(request, now)), request)
      const grant: KnownGrant = { ...request, granted: answer.granted, handle: answer.handle }
      return {
        key,
        request,
        answer,
        grant,
        read: () => dialect.readOnChain?.(client, grant),
        async revoke() {
          for (const revocation of dialect.encodeRevoke(grant)) await send(revocation)
        },
        /** The calls, through the backend; parts of it replaced where they are given. */
        act: (calls: readonly { to: Address; data: Hex }[], parts: Partial<OpenfortExecutorParameters> = {}) =>
          openfortExecutor({ ...intents, ...parts })({
            chainId: chain.chain.id,
            client,
            provider: wallet,
            grant,
            signer: key,
            calls: calls.map((call) => ({ ...call, value: 0n })),
          }),
      }
    },
    lie: { to: addresses.liar, data: encodeFunctionData({ abi: Liar.abi, functionName: 'lie' }) },
    mint: { to: addresses.sword, data: encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [account] }) },
    approve: (spender: Address, amount: bigint) => ({
      to: addresses.gold,
      data: encodeFunctionData({ abi: goldAbi, functionName: 'approve', args: [spender, amount] }),
    }),
    pay: (to: Address, amount: bigint) => ({ to: addresses.gold, data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [to, amount] }) }),
    swords: () => client.readContract({ address: addresses.sword, abi: swordAbi, functionName: 'balanceOf', args: [account] }),
    goldOf: (of: Address) => client.readContract({ address: addresses.gold, abi: goldAbi, functionName: 'balanceOf', args: [of] }),
    allowance: (spender: Address) => client.readContract({ address: addresses.gold, abi: goldAbi, functionName: 'allowance', args: [account, spender] }),
    async stop() {
      await server.close()
      await chain.stop()
    },
  }
}

export function failed(reason: string): never {
  throw new Error(reason)
}

type Compiled = { abi: Abi; bytecode: Hex }

/** As scripts/contracts.mjs compiles the demo's contracts. */
function compile<const name extends string>(...names: name[]): Record<name, Compiled> {
  const require = createRequire(import.meta.url)
  const solc = require('solc') as { compile(input: string, callbacks: { import(path: string): { contents: string } }): string }
  const read = (name: string) => ({ content: readFileSync(new URL(`contracts/${name}.sol`, import.meta.url), 'utf8') })
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(names.map((name) => [name, read(name)])),
    settings: { optimizer: { enabled: true, runs: 200 }, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  }
  const output = solc.compile(JSON.stringify(input), { import: (path) => ({ contents: readFileSync(require.resolve(path), 'utf8') }) })
  const { contracts, errors = [] } = JSON.parse(output) as {
    contracts: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>
    errors?: { severity: string; formattedMessage: string }[]
  }
  const found = errors.find(({ severity }) => severity === 'error')
  if (found) failed(found.formattedMessage)
  const compiled = names.map((name) => {
    const { abi, evm } = contracts[name]?.[name] ?? failed(`${name} is not in ${name}.sol`)
    return [name, { abi, bytecode: `0x${evm.bytecode.object}` }]
  })
  return Object.fromEntries(compiled) as Record<name, Compiled>
}
