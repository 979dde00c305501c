import { Markdown } from '@storybook/addon-docs/blocks'
import type { ReactElement } from 'react'
import type { MemberDoc } from './apiDoc.js'

export function MemberTable({ title, members }: { title: string; members: readonly MemberDoc[] }): ReactElement | null {
  if (members.length === 0) return null
  const rows = members.map(({ name, optional, type, text }) => `| \`${name}${optional ? '?' : ''}\` | \`${inCell(cut(type))}\` | ${inCell(text)} |`)
  return <Markdown>{`## ${title}\n\n| name | type | |\n|---|---|---|\n${rows.join('\n')}`}</Markdown>
}

/** Code in a table does not wrap. */
function cut(type: string): string {
  return type.length > 48 ? `${type.slice(0, 47)}…` : type
}

function inCell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')
}
