// Reads the report of the test run: names what failed, and ends with the line that counts. Usage: node .ci/report.mjs <report> <1 if a step failed>
import { existsSync, readFileSync } from 'node:fs'

const [report, failedSteps] = process.argv.slice(2)
const { numPassedTests: passed = 0, numPendingTests: pending = 0, numTodoTests: todo = 0, testResults = [] } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}

const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
  const tests = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName, failureMessages }) => ({ what: `${name} > ${fullName}`, message: failureMessages.join('\n') }))
  // It did not load, or what its tests need could not be had: they count as skipped.
  return status === 'failed' && tests.length === 0 ? [{ what: `${name}, outside its tests`, message }] : tests
})
for (const { what, message } of failures) console.log(`── failed: ${what}\n    ${message.split('\n').slice(0, 12).join('\n    ')}`)
for (const { name, assertionResults } of testResults) {
  const skipped = assertionResults.filter(({ status }) => status === 'skipped' || status === 'pending')
  if (skipped.length > 0) console.log(`── skipped: ${skipped.length} of ${name}`)
}

// A step that failed outside a test counts as a failure too.
const failed = failures.length > 0 || (failedSteps === '0' && passed > 0) ? failures.length : 1
console.log(`${passed} passed, ${failed} failed, ${pending + todo} skipped`)
process.exit(failed > 0 ? 1 : 0)
