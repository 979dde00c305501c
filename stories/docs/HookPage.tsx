import { Markdown, Source } from '@storybook/addon-docs/blocks'
import type { ReactElement } from 'react'
import hooks from 'virtual:hook-docs'
import type { HookDoc, MemberDoc } from './hookDoc.js'

/** The page of one hook, from the comments in its source. */
export function HookPage({ name }: { name: string }): ReactElement {
  const hook = hooks.find((one) => one.name === name)
  if (!hook) throw new Error(`No entry point exports ${name}.`)
  return (
    <>
      <Markdown>{`# ${name}\n\n${hook.text}\n\n${tagsText(hook)}`}</Markdown>
      <Source language="tsx" code={hook.signature} />
      <Members title="Parameters" members={hook.parameters} />
      <Members title="mutate takes" members={hook.variables} />
      <Members title={hook.result === 'value' ? 'Returns' : 'data'} members={hook.returned} />
      {hook.errors.length > 0 && <Markdown>{`## error is one of\n\n${hook.errors.map((error) => `- \`${error}\``).join('\n')}`}</Markdown>}
      <Markdown>{resultText[hook.result]}</Markdown>
    </>
  )
}

const resultText = {
  query: 'The rest is TanStack Query’s `UseQueryResult`; `query` takes its options.',
  mutation: 'The rest is TanStack Query’s `UseMutationResult`; `mutation` takes its options.',
  value: '',
} satisfies Record<HookDoc['result'], string>

function tagsText({ tags }: HookDoc): string {
  return tags.map(({ name, text }) => (name === 'example' ? `\`\`\`tsx\n${text}\n\`\`\`` : `*${name}* ${text}`)).join('\n\n')
}

function Members({ title, members }: { title: string; members: readonly MemberDoc[] }) {
  if (members.length === 0) return null
  const rows = members.map(({ name, optional, type, text }) => `| \`${name}${optional ? '?' : ''}\` | \`${inCell(type)}\` | ${inCell(text)} |`)
  return <Markdown>{`## ${title}\n\n| name | type | |\n|---|---|---|\n${rows.join('\n')}`}</Markdown>
}

function inCell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')
}
