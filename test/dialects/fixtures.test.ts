// Every answer in `fixtures/`: read as it says, or refused for the reason that it says.
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Dialect, GrantRequest } from '../../src/dialects/dialect.js'
import { InvalidWalletResponseError } from '../../src/dialects/errors.js'
import { erc7715 } from '../../src/dialects/erc7715.js'
import { erc7715From2024 } from '../../src/dialects/erc7715From2024.js'
import { openfort } from '../../src/dialects/openfort.js'
import { openfortBackend } from '../../src/dialects/openfortBackend.js'
import { porto } from '../../src/dialects/porto.js'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import { compare } from '../../src/permissions/compare.js'
import type { Permission } from '../../src/permissions/permission.js'
import { judgeAnswer } from '../../src/sessions/judgeAnswer.js'
import { answerOf, readFixtures, withAmounts, type Fixture, type Fixtures } from './fixtures/readFixtures.js'

const unused = () => Promise.reject(new Error('the backend was asked'))
const dialects: Record<string, Dialect> = {
  erc7715,
  'erc7715-2024': erc7715From2024,
  openfort,
  'openfort-backend': openfortBackend({ createSession: unused, signMessage: unused, confirmSession: unused }),
  porto,
}

test('no file is left out', () => {
  const files = readdirSync(new URL('./fixtures/', import.meta.url)).filter((file) => file.endsWith('.json'))
  expect(files.sort()).toEqual(Object.keys(dialects).map((name) => `${name}.json`).sort())
})

describe.each(Object.entries(dialects))('%s', (name, dialect) => {
  const fixtures = readFixtures(name)
  const request = withAmounts(fixtures.request) as GrantRequest
  const terms = (granted: readonly { permission: Permission }[], expiry: number) => ({ permissions: granted.map(({ permission }) => permission), expiry })

  test('each says where it comes from, and none is there twice', () => {
    const all: Fixture[] = [...fixtures.valid, ...fixtures.invalid]
    expect(all.filter(({ source }) => !source)).toEqual([])
    expect(new Set(all.map((fixture) => fixture.name)).size).toBe(all.length)
  })

  test('the plain answer is read before anything is changed in it', () => {
    expect(dialect.decodeGrant(fixtures.base, request).granted.length).toBeGreaterThan(0)
  })

  test.each(fixtures.valid.map((fixture) => [fixture.name, fixture] as const))('is read: %s', (_, fixture) => {
    const { asked, expected, differences, judged, problem } = withAmounts(fixture) as Record<string, unknown> & { asked?: Permission[]; expected?: { permissions?: Permission[] } }
    const answer = answerOf(fixtures.base, fixture)
    const given = { ...request, permissions: asked ?? request.permissions }
    const read = dialect.decodeGrant(answer, given)
    if (expected?.permissions) {
      const { granted, ...rest } = read
      const rows = answer as { context: string; delegationManager: string }[]
      expect({ ...rest, permissions: granted.map(({ permission }) => permission) }).toEqual(expected)
      expect(granted.map(({ context, delegationManager }) => ({ context, delegationManager }))).toEqual(rows.map(({ context, delegationManager }) => ({ context, delegationManager })))
    } else if (expected) {
      expect(read).toEqual({ account: undefined, delegate: undefined, dependencies: undefined, ...expected })
    }
    if (differences) expect(compare(given, terms(read.granted, read.expiry)).map(({ path, kind }) => `${path} ${kind}`)).toEqual(differences)
    if (judged) expect(judgeAnswer({ dialect, request: given, asked: given.permissions, answer })).toMatchObject({ status: judged, problem })
    expect([expected, differences]).not.toEqual([undefined, undefined])
  })

  test.each(fixtures.invalid.map((fixture) => [fixture.name, fixture] as const))('is refused: %s', (_, fixture) => {
    const read = () => dialect.decodeGrant(answerOf(fixtures.base, fixture), request)
    expect(read).toThrow(InvalidWalletResponseError)
    expect(read).toThrow(`cannot be read: ${fixture.reason}.`)
  })
})

type Supported = Fixture & { answer: unknown; expected: { types: string[]; rules: Record<string, string[]>; exact: string[] } | null }

describe('what a wallet says it supports (2026)', () => {
  const { supported, request } = readFixtures<Fixtures & { supported: Supported[] }>('erc7715')
  const { account, chainId } = request as Pick<GrantRequest, 'account' | 'chainId'>

  test.each(supported.map((fixture) => [fixture.name, fixture] as const))('%s', async (_, { answer, expected, source }) => {
    const abilities = await erc7715.detect(createWalletProbe({ provider: { request: async () => answer }, connectorId: 'injected', account, chainId }))
    const read = abilities && {
      types: [...abilities.types],
      rules: Object.fromEntries([...abilities.rules].map(([type, rules]) => [type, [...rules]])),
      exact: [...abilities.exact],
    }
    expect(read ?? null).toEqual(expected)
    expect(source).not.toBe('')
  })
})
