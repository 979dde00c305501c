/** What is said of a hook or component, as `.storybook/apiDocs.ts` reads it from the source. */
export type ApiDoc = {
  name: string
  text: string
  tags: readonly { name: string; text: string }[]
  signature: string
  /** Of a component: its props. */
  parameters: readonly MemberDoc[]
  /** What `mutate` takes. */
  variables: readonly MemberDoc[]
  returned: readonly MemberDoc[]
  errors: readonly string[]
  /** `returned` is the `data` of TanStack's result, or what the hook returns itself. */
  result: 'query' | 'mutation' | 'value'
}

export type MemberDoc = { name: string; type: string; optional: boolean; text: string }
