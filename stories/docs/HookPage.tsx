import { Markdown, Source } from '@storybook/addon-docs/blocks'
import type { ReactElement } from 'react'
import type { ApiDoc } from './apiDoc.js'
import { findApiDoc } from './findApiDoc.js'
import { MemberTable } from './MemberTable.js'

/** The page of one hook, from the comments in its source. */
export function HookPage({ name }: { name: string }): ReactElement {
  const hook = findApiDoc(name)
  if (!hook) throw new Error(`No entry point exports ${name}.`)
  return (
    <>
      <Markdown>{`# ${name}\n\n${hook.text}\n\n${tagsText(hook)}`}</Markdown>
      <Source language="tsx" code={hook.signature} />
      <MemberTable title="Parameters" members={hook.parameters} />
      <MemberTable title="mutate takes" members={hook.variables} />
      <MemberTable title={hook.result === 'value' ? 'Returns' : 'data'} members={hook.returned} />
      {hook.errors.length > 0 && <Markdown>{`## error is one of\n\n${hook.errors.map((error) => `- \`${error}\``).join('\n')}`}</Markdown>}
      <Markdown>{resultText[hook.result]}</Markdown>
    </>
  )
}

const resultText = {
  query: 'The rest is TanStack Query’s `UseQueryResult`; `query` takes its options.',
  mutation: 'The rest is TanStack Query’s `UseMutationResult`; `mutation` takes its options.',
  value: '',
} satisfies Record<ApiDoc['result'], string>

function tagsText({ tags }: ApiDoc): string {
  return tags.map(({ name, text }) => (name === 'example' ? `\`\`\`tsx\n${text}\n\`\`\`` : `*${name}* ${text}`)).join('\n\n')
}
