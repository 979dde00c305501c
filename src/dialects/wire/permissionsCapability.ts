import * as v from 'valibot'

/** What `wallet_getCapabilities` says of permissions on one chain. A field is undefined where the wallet does not say. */
export type PermissionsCapability = {
  signerTypes: readonly string[] | undefined
  permissionTypes: readonly string[] | undefined
  policyTypes: readonly string[] | undefined
  /** The wallet takes fees in tokens: a mark of Porto, whose permissions are of another shape. */
  feeToken: boolean
}

const names = v.nullish(v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(200)))
const row = v.object({
  permissions: v.object({ supported: v.literal(true), signerTypes: names, permissionTypes: names, policyTypes: names }),
  feeToken: v.optional(v.unknown()),
})

/** @returns undefined when the wallet offers none on this chain. @see ERC-5792; the `permissions` capability of ERC-7715 until 2026 */
export function readPermissionsCapability(answer: unknown, chainId: number): PermissionsCapability | undefined {
  const parsed = v.safeParse(row, rowOf(answer, chainId))
  if (!parsed.success) return undefined
  const { permissions, feeToken } = parsed.output
  return {
    signerTypes: permissions.signerTypes ?? undefined,
    permissionTypes: permissions.permissionTypes ?? undefined,
    policyTypes: permissions.policyTypes ?? undefined,
    feeToken: feeToken !== undefined,
  }
}

/** True where the wallet lists it for this chain; or only for others, because it speaks of the chain that it is on. */
export function listsPermissions(answer: unknown, chainId: number): boolean {
  if (rowOf(answer, chainId) !== undefined) return readPermissionsCapability(answer, chainId) !== undefined
  return Object.keys(answer ?? {}).some((chain) => readPermissionsCapability(answer, Number(chain)))
}

/** ERC-5792: what holds on every chain stands under `0x0`. */
const everyChain = 0

function rowOf(answer: unknown, chainId: number): unknown {
  if (typeof answer !== 'object' || answer === null) return undefined
  const rows = Object.entries(answer)
  const find = (id: number) => rows.find(([key]) => /^0x[0-9a-f]{1,64}$/i.test(key) && Number(key) === id)?.[1]
  return find(chainId) ?? find(everyChain)
}
