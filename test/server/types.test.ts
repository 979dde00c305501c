import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const src = resolve(import.meta.dirname, '../../src')

/** What a module declares, with the imports that this needs and no others. Types that are written nowhere are not in it. */
function declarationOf(file: string): string {
  return ts.transpileDeclaration(readFileSync(file, 'utf8'), { fileName: file, compilerOptions: { target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: false } }).outputText
}

/** The packages that the declarations of a module name, and those of all that it imports, with who names them first. */
function packagesOf(entry: string): Map<string, string> {
  const seen = new Set<string>()
  const packages = new Map<string, string>()
  const visit = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    for (const [, name = ''] of declarationOf(file).matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (!name.startsWith('.')) packages.set(name, packages.get(name) ?? relative(src, file))
      else visit(['.ts', '.tsx'].map((ending) => resolve(dirname(file), name.replace(/\.js$/, ending))).find((path) => existsSync(path)) ?? name)
    }
  }
  visit(join(src, entry))
  return packages
}

test.each(['server/index.ts', 'server/automation/index.ts', 'permissions/index.ts'])('whoever has no React and no wagmi can check a program against the types of %s', (entry) => {
  const packages = packagesOf(entry)
  expect([...packages.keys()]).toContain('viem')
  expect([...packages].filter(([name]) => /^(react|react-dom|wagmi|@wagmi|@tanstack|pg|pg-boss|@electric-sql)(\/|$)/.test(name))).toEqual([])
})

test('the look finds what is there', () => {
  expect([...packagesOf('actions/index.ts').keys()]).toContain('wagmi')
})
