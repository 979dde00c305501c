/**
 * The statements of a script, without those that begin and end a transaction. A script goes to a database in one piece only where it takes no
 * values and the driver speaks the simple protocol; PGlite's `query` does not.
 */
export function sqlStatements(script: string): readonly string[] {
  const parts = script.match(/\$\$[\s\S]*?\$\$|'(?:[^']|'')*'|;|[^;$']+|[$']/g) ?? []
  const statements: string[] = ['']
  for (const part of parts) {
    if (part === ';') statements.push('')
    else statements.push((statements.pop() as string) + part)
  }
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '' && !/^(begin|commit)$/i.test(statement))
}
