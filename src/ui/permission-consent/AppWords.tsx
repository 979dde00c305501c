'use client'
import type { ReactElement } from 'react'
import { toFunctionSelector } from 'viem'
import { contractWords, functionWords, type ClearSigningDescriptor } from '../../permissions/clearSigning.js'
import { descriptionContext, type DescribeOptions } from '../../permissions/description.js'
import { describeFunction } from '../../permissions/describeFunction.js'
import { readFunction } from '../../permissions/functionPins.js'
import type { Permission } from '../../permissions/permission.js'
import type { UiMessages } from '../messages.js'

/** What the app's clear-signing files call a contract and its functions: in quotation marks, as the app's own words, beside the facts. */
export function AppWords({
  permission,
  chainId,
  descriptors,
  options,
  messages,
}: {
  permission: Permission
  chainId: number
  descriptors: readonly ClearSigningDescriptor[]
  options: DescribeOptions
  messages: UiMessages
}): ReactElement | null {
  if (permission.type !== 'contract-call') return null
  const words = contractWords(descriptors, chainId, permission.address)
  if (!words) return null
  const context = descriptionContext(options)
  const contract = [words.contractName, words.owner].filter((name) => name !== undefined).map(messages.quoted)
  const functions = (permission.functions ?? []).flatMap((scope) => {
    const said = functionWords(words, scope)
    const read = readFunction(scope)
    if (!said || !read) return []
    // The rows of the arguments come in the order of those that are pinned.
    const pinned = read.item.inputs.flatMap((_, position) => (read.pins[position] ? [position] : []))
    const rows = describeFunction(context, permission.address, scope).rows.filter(({ kind }) => kind === 'argument')
    const labels = rows.flatMap(({ value }, row) => {
      const label = said.labels[pinned[row] ?? -1]
      return label ? [{ label: messages.quoted(label), value }] : []
    })
    return [{ selector: toFunctionSelector(read.item), name: read.item.name, intent: said.intent, labels }]
  })
  return (
    <div className="rsk-app-words">
      {contract.length > 0 && <p>{messages.appCallsContract(contract)}</p>}
      {functions.map(({ selector, name, intent, labels }) => (
        <p key={selector}>
          {intent && messages.appCallsFunction({ name, selector, intent: messages.quoted(intent) })}
          {labels.length > 0 && ` ${messages.appCallsArguments(labels)}`}
        </p>
      ))}
    </div>
  )
}
