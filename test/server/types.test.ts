import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** The declarations of these entry points, and of all that they import, as the build writes them: by file, without `.d.ts`. */
function declarationsOf(entries: readonly string[]): Map<string, string> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.build.json'), (path) => ts.sys.readFile(path)) as { config: object }
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: entries }, ts.sys, root)
  const program = ts.createProgram(
    entries.map((entry) => join(root, entry)),
    options,
  )
  const found = new Map<string, string>()
  program.emit(undefined, (path, text) => found.set(relative(join(root, 'dist'), path).replace(/\.d\.ts$/, ''), text), undefined, true)
  return found
}

/** The packages that a declaration names, and those of all that it imports, with who names them. */
function packagesOf(declarations: Map<string, string>, entry: string): Map<string, string> {
  const seen = new Set<string>()
  const packages = new Map<string, string>()
  const visit = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    const text = declarations.get(file)
    if (text === undefined) throw new Error(`There is no declaration of ${file}.`)
    for (const [, name = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (name.startsWith('.')) visit(join(dirname(file), name.replace(/\.js$/, '')))
      else packages.set(name, packages.get(name) ?? file)
    }
  }
  visit(entry)
  return packages
}

test('whoever has no React and no wagmi can check a program against the types of a server', () => {
  const entries = ['server/index', 'server/automation/index', 'permissions/index']
  const declarations = declarationsOf([...entries, 'actions/index'].map((entry) => `src/${entry}.ts`))
  for (const entry of entries) {
    const packages = packagesOf(declarations, entry)
    expect([...packages.keys()], entry).toContain('viem')
    expect([...packages].filter(([name]) => /^(react|react-dom|wagmi|@wagmi|@tanstack|pg|pg-boss|@electric-sql)(\/|$)/.test(name)), entry).toEqual([])
  }
  // The look finds what is there.
  expect([...packagesOf(declarations, 'actions/index').keys()]).toContain('wagmi')
}, 120_000)
