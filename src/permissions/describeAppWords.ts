import { getAddress, toFunctionSelector, type AbiFunction, type Address, type Hex } from 'viem'
import { functionWords, type ContractWords, type FunctionWords } from './clearSigning.js'
import { findArgument, findValues, readPath, type Found, type FoundAt } from './clearSigningPath.js'
import { quotedWords, valueInWords } from './clearSigningValue.js'
import type { DescriptionContext } from './description.js'
import { parseFunctionSignature } from './functionSignature.js'
import { impersonated } from './knownFunctions.js'
import type { ContractCallPermission, FunctionScope } from './permission.js'
import { pinnedValues } from './pinnedValues.js'
import { untrustedText } from './untrustedText.js'

/** A pinned argument as the app calls it, and the value itself. */
export type ArgumentWords = {
  /** In quotation marks where it is the app's; else the name of the argument. */
  label: string
  value: string
  /** `order.amount` */
  path: string
  /** Whole, in no format at all. */
  exact: string
}

export type FunctionAppWords = { selector: Hex; name: string; intent: string | undefined; arguments: readonly ArgumentWords[] }

export type AppWordsParameters = {
  permission: ContractCallPermission
  words: ContractWords
  chainId: number
  /** Whose calls they are. */
  account: Address
}

/** What the app's clear-signing file says of the functions of a permission, beside what they are. Never throws: what cannot be read says nothing. */
export function describeAppWords(context: DescriptionContext, { words, permission, chainId, account }: AppWordsParameters): readonly FunctionAppWords[] {
  return (permission.functions ?? []).flatMap((scope) => {
    const said = functionWords(words, scope)
    try {
      const asked = parseFunctionSignature(scope.signature)
      // The contract would run another function than the one that is named.
      if (!said || impersonated(asked)) return []
      return [
        {
          selector: toFunctionSelector(asked),
          name: untrustedText(asked.name) ?? '',
          intent: quotedWords(context, said.intent, 60),
          arguments: said.item ? argumentsOf(context, scope, permission, { ...said, item: said.item, chainId, account }) : [],
        },
      ]
    } catch {
      // Arguments that do not fit, or a file that does something when it is read.
      return []
    }
  })
}

type Said = Omit<FunctionWords, 'item'> & { item: AbiFunction; chainId: number; account: Address }

function argumentsOf(context: DescriptionContext, { args }: FunctionScope, permission: ContractCallPermission, { item, fields, file, chainId, account }: Said): readonly ArgumentWords[] {
  if (!args || args.length !== item.inputs.length) return []
  const values = pinnedValues(item.inputs, args)
  const find = (text: string, base: string): FoundAt | undefined => {
    const path = readPath(text)
    if (!path || path.root === '$') return undefined
    if (path.root === '@') return ofTransaction(path.steps.length === 1 && path.steps[0]?.kind === 'name' ? path.steps[0].name : '')
    if (path.root === undefined && base !== '') return find(base.startsWith('#') ? `${base}.${text}` : `#.${base}.${text}`, '')
    return findValues(item.inputs, values, path.steps)
  }
  /** Of the transaction only what holds for each one that is allowed. */
  const ofTransaction = (name: string): FoundAt | undefined => {
    const known: Readonly<Record<string, Found>> = {
      to: { type: 'address', value: permission.address },
      from: { type: 'address', value: account },
      chainId: { type: 'uint256', value: BigInt(chainId) },
      ...(permission.valueLimit === 0n ? { value: { type: 'uint256', value: 0n } } : {}),
    }
    return Object.hasOwn(known, name) ? { many: false, found: [known[name] as Found] } : undefined
  }

  return fields.flatMap((field): ArgumentWords[] => {
    const whole = find(field.path, '')
    // A path that leads nowhere still names an argument: that one as it stands.
    const at = whole ?? findArgument(item.inputs, values, field.path)
    if (!at) return []
    const shown = whole ? field : { ...field, format: undefined }
    const follow = (index: number) => (path: string) => {
      const led = find(path, field.base)
      if (!led) return undefined
      if (!led.many) return led.found[0]
      return at.many && led.found.length === at.found.length ? led.found[index] : undefined
    }
    const path = untrustedText(field.path.replace(/^#\./, ''), 80) ?? ''
    return [
      {
        label: quotedWords(context, field.label) ?? path,
        value: inList(context, at.found.map((one, index) => valueInWords({ field: shown, at: one, file, chainId, context, follow: follow(index) }))),
        path,
        exact: at.found.map(exactly).join(', '),
      },
    ]
  })
}

function inList({ locale }: DescriptionContext, values: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: 'unit' }).format(values)
}

/** The longest text of a value that is written out. */
const longestExact = 2_000

function exactly({ type, value }: Found): string {
  if (type === 'address') return getAddress(value as Address)
  const text = typeof value === 'string' ? value : (JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? '').replace(/^"(.*)"$/, '$1')
  return untrustedText(text, longestExact) ?? ''
}
