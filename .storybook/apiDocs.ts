import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { Plugin } from 'vite'
import type { ApiDoc, MemberDoc } from '../stories/docs/apiDoc.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const importedAs = 'virtual:api-docs'

/** What the source's own comments say of each hook and component, read once for each run of Storybook. */
export function apiDocs(): Plugin {
  let read: string | undefined
  return {
    name: 'api-docs',
    resolveId: (source) => (source === importedAs ? `\0${importedAs}` : undefined),
    load(id) {
      if (id !== `\0${importedAs}`) return undefined
      read ??= `export default ${JSON.stringify(readApi())}`
      return read
    },
  }
}

function readApi(): ApiDoc[] {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile) as { config: unknown }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const entries = ['src/index.ts', 'src/ui/index.ts', 'src/devtools/index.ts'].map((file) => path.join(root, file))
  const program = ts.createProgram(entries, options)
  const checker = program.getTypeChecker()
  return entries.flatMap((entry) => {
    const source = program.getSourceFile(entry)
    const module = source && checker.getSymbolAtLocation(source)
    const exported = module ? checker.getExportsOfModule(module) : []
    return exported.flatMap((symbol) => apiDoc(checker, symbol) ?? [])
  })
}

/** Of what can be called or rendered; nothing of the rest. */
function apiDoc(checker: ts.TypeChecker, exported: ts.Symbol): ApiDoc | undefined {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  const declaration = symbol.valueDeclaration
  const [signature] = declaration ? checker.getTypeOfSymbolAtLocation(symbol, declaration).getCallSignatures() : []
  if (!declaration || !signature || !/^(use)?[A-Z]/.test(exported.name)) return undefined
  const [parameter] = signature.getParameters()
  const parameters = parameter && checker.getTypeOfSymbolAtLocation(parameter, declaration)
  const isHook = exported.name.startsWith('use')
  const query = queryResultOf(checker, signature)
  const [data, error, variables] = query?.types ?? []
  return {
    name: exported.name,
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    tags: symbol.getJsDocTags(checker).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) })),
    signature: `${exported.name}${checker.signatureToString(signature, declaration, ts.TypeFormatFlags.NoTruncation)}`,
    parameters: parameters ? ownMembers(checker, parameters, declaration) : [],
    variables: variables ? ownMembers(checker, variables, declaration) : [],
    returned: isHook ? ownMembers(checker, data ?? signature.getReturnType(), declaration) : [],
    errors: error ? (error.isUnion() ? error.types : [error]).map((one) => checker.typeToString(one, declaration)).sort() : [],
    result: query?.result ?? 'value',
  }
}

/** The parts of TanStack's result, where a hook returns one: `UseMutationResult<data, error, variables>`, behind a name of the kit's own. */
function queryResultOf(checker: ts.TypeChecker, signature: ts.Signature): { result: 'query' | 'mutation'; types: ts.Type[] } | undefined {
  const returned = signature.getDeclaration()?.type
  if (!returned || !ts.isTypeReferenceNode(returned)) return undefined
  const named = checker.getSymbolAtLocation(returned.typeName)
  const alias = (named && named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named)?.declarations?.find(ts.isTypeAliasDeclaration)
  if (!alias || !ts.isTypeReferenceNode(alias.type)) return undefined
  const kind = /^Use(Query|Mutation)Result$/.exec(alias.type.typeName.getText())?.[1]
  if (!kind) return undefined
  return { result: kind === 'Query' ? 'query' : 'mutation', types: (alias.type.typeArguments ?? []).map((node) => checker.getTypeFromTypeNode(node)) }
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
