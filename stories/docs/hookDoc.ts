/** What is said of a hook, as `.storybook/hookDocs.ts` reads it from the source. */
export type HookDoc = {
  name: string
  text: string
  tags: readonly { name: string; text: string }[]
  signature: string
  parameters: readonly MemberDoc[]
  /** What `mutate` takes. */
  variables: readonly MemberDoc[]
  returned: readonly MemberDoc[]
  errors: readonly string[]
  /** `returned` is the `data` of TanStack's result, or what the hook returns itself. */
  result: 'query' | 'mutation' | 'value'
}

export type MemberDoc = { name: string; type: string; optional: boolean; text: string }
