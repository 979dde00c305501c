import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { Plugin } from 'vite'
import type { HookDoc, MemberDoc } from '../stories/docs/hookDoc.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const importedAs = 'virtual:hook-docs'

/** What the source's own comments say of each hook, read once for each run of Storybook. */
export function hookDocs(): Plugin {
  let read: string | undefined
  return {
    name: 'hook-docs',
    resolveId: (source) => (source === importedAs ? `\0${importedAs}` : undefined),
    load(id) {
      if (id !== `\0${importedAs}`) return undefined
      read ??= `export default ${JSON.stringify(readHooks())}`
      return read
    },
  }
}

function readHooks(): HookDoc[] {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile) as { config: unknown }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const entries = ['src/index.ts', 'src/ui/index.ts'].map((file) => path.join(root, file))
  const program = ts.createProgram(entries, options)
  const checker = program.getTypeChecker()
  return entries.flatMap((entry) => {
    const source = program.getSourceFile(entry)
    const module = source && checker.getSymbolAtLocation(source)
    const exported = module ? checker.getExportsOfModule(module) : []
    return exported.filter(({ name }) => /^use[A-Z]/.test(name)).map((symbol) => hookDoc(checker, symbol))
  })
}

function hookDoc(checker: ts.TypeChecker, exported: ts.Symbol): HookDoc {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  const declaration = symbol.valueDeclaration as ts.Declaration
  const [signature] = checker.getTypeOfSymbolAtLocation(symbol, declaration).getCallSignatures() as [ts.Signature]
  const [parameter] = signature.getParameters()
  const parameters = parameter && checker.getTypeOfSymbolAtLocation(parameter, declaration)
  const returned = signature.getReturnType()
  const [data, error, variables] = isQueryResult(returned) ? (returned.aliasTypeArguments ?? []) : []
  return {
    name: exported.name,
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    tags: symbol.getJsDocTags(checker).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) })),
    signature: `${exported.name}${checker.signatureToString(signature, declaration, ts.TypeFormatFlags.NoTruncation)}`,
    parameters: parameters ? ownMembers(checker, parameters, declaration) : [],
    variables: variables ? ownMembers(checker, variables, declaration) : [],
    returned: ownMembers(checker, data ?? returned, declaration),
    errors: error ? (error.isUnion() ? error.types : [error]).map((one) => checker.typeToString(one, declaration)).sort() : [],
    result: data ? (variables ? 'mutation' : 'query') : 'value',
  }
}

function isQueryResult({ aliasSymbol }: ts.Type): boolean {
  return aliasSymbol !== undefined && /^Use(Query|Mutation)Result$/.test(aliasSymbol.name)
}

/** What the kit says of a type's members; what comes from other packages is described there. */
function ownMembers(checker: ts.TypeChecker, type: ts.Type, at: ts.Node): MemberDoc[] {
  const members = new Map<string, MemberDoc>()
  for (const part of type.isUnion() ? type.types : [type]) {
    for (const member of part.getProperties()) {
      const [declared] = member.getDeclarations() ?? []
      if (!declared?.getSourceFile().fileName.startsWith(path.join(root, 'src/'))) continue
      const text = ts.displayPartsToString(member.getDocumentationComment(checker))
      const known = members.get(member.name)
      const memberType = checker.typeToString(checker.getTypeOfSymbolAtLocation(member, at), at)
      const types = [...new Set([...(known ? known.type.split(' | ') : []), ...memberType.split(' | ')])].filter((one) => one !== 'undefined' && one !== 'any')
      members.set(member.name, {
        name: member.name,
        type: types.length > 6 ? `${types.slice(0, 6).join(' | ')} | …` : types.join(' | ') || 'undefined',
        optional: (member.flags & ts.SymbolFlags.Optional) !== 0,
        text: known?.text || text,
      })
    }
  }
  return [...members.values()]
}
