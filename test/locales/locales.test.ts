/** Each language says everything that English says, in its own words, and says who may what to whom the same way round. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ar } from '../../src/locales/ar/index.js'
import { es } from '../../src/locales/es/index.js'
import { uiMessages, type UiMessages } from '../../src/ui/messages.js'
import { keysOf, sentinel, sentinelsIn, textsOf } from './messageCalls.js'

const locales = [
  { name: 'es', messages: es as UiMessages, direction: 'ltr' },
  { name: 'ar', messages: ar as UiMessages, direction: 'rtl' },
] as const

/** What is written alike in both: no words of its own, or the same word. */
const alike = /^(summary|clause|functionName|party|streamRate|amount|endsAt|beside|nft|usageText|sessionName\(0\)|activityRepeated|widenedReason|direction)(\(\d\))?$/
const alikeIn: Readonly<Record<string, RegExp>> = { es: /^rows\.token$/, ar: /^$/ }

const english = textsOf(uiMessages)
const withoutIsolates = (text: string) => text.replace(/[\u2068\u2069]/g, '')

/** Where two things of one kind stand in a sentence, which is which. */
const roles: Readonly<Record<string, Readonly<Record<string, (text: (name: string) => string) => string>>>> = {
  es: {
    askedAllowed: (text) => `Pedido: ${text('asked')}; tú permites: ${text('allowed')}`,
    changedTerm: (text) => `${text('label')}: antes ${text('before')}, ahora ${text('after')}`,
    transferFrom: (text) => `transferir ${text('amount')} de ${text('owner')} a ${text('receiver')}`,
    transfer: (text) => `transferir ${text('amount')} a ${text('receiver')}`,
    approve: (text) => `aprobar que ${text('spender')} gaste ${text('amount')}`,
    callsLeft: (text) => `Llamadas restantes: ${text('left')} de ${text('limit')}`,
    amountLeft: (text) => `Restante: ${text('left')} de ${text('limit')}`,
    amountLeftOfStream: (text) => `Disponible ahora: ${text('left')}; en total: ${text('most')}`,
    session: (text) => `Hasta el ${text('until')} (${text('relative')}), ${text('app')} puede ${text('may')}.`,
  },
  ar: {
    askedAllowed: (text) => `المطلوب: ${text('asked')}، وما تسمح به أنت: ${text('allowed')}`,
    changedTerm: (text) => `${text('label')}: كان ${text('before')}، والآن ${text('after')}`,
    transferFrom: (text) => `تحويل ${text('amount')} من ${text('owner')} إلى ${text('receiver')}`,
    transfer: (text) => `تحويل ${text('amount')} إلى ${text('receiver')}`,
    approve: (text) => `تفويض ${text('spender')} بإنفاق ${text('amount')}`,
    callsLeft: (text) => `الاستدعاءات المتبقية: ${text('left')} من ${text('limit')}`,
    amountLeft: (text) => `المتبقي: ${text('left')} من ${text('limit')}`,
    amountLeftOfStream: (text) => `المتاح الآن: ${text('left')}، وفي المجموع: ${text('most')}`,
    session: (text) => `حتى ${text('until')} (${text('relative')})، يجوز لـ ${text('app')} ${text('may')}.`,
  },
}

function holdToEnglish(name: string, messages: UiMessages) {
  const texts = textsOf(messages)
  for (const [place, said] of english) {
    const text = texts.get(place)
    expect(sentinelsIn(text ?? ''), `${place} names what English names`).toEqual(sentinelsIn(said))
    if (place !== 'locale' && !alike.test(place) && !alikeIn[name]?.test(place)) expect(withoutIsolates(text ?? ''), `${place} is not English`).not.toBe(said)
    expect(text, place).not.toBe('')
  }
  for (const [key, read] of Object.entries(roles[name] ?? {})) expect(withoutIsolates(texts.get(`${key}(0)`) ?? ''), `${key} the right way round`).toBe(read(sentinel))
}

describe.each(locales)('$name', ({ name, messages, direction }) => {
  test('has every message of English, and no other', () => {
    expect(keysOf(messages)).toEqual(keysOf(uiMessages))
  })

  test('says which language it is, and which way it is written', () => {
    expect({ locale: messages.locale, direction: messages.direction }).toEqual({ locale: name, direction })
  })

  test('names what English names, in words of its own, the same way round', () => {
    holdToEnglish(name, messages)
  })

  test('says different states, kinds and problems in different words', () => {
    for (const group of [messages.sessionState, messages.status, messages.differenceKind, messages.feesPaidBy, messages.serverOutcome]) expect(new Set(Object.values(group)).size).toBe(Object.keys(group).length)
    const problems = Object.values(messages.limitProblem).map((problem) => problem('5'))
    expect(new Set(problems).size).toBe(problems.length)
    expect(new Set([true, false, undefined].map(messages.existing)).size).toBe(3)
  })
})

describe('what a wallet cannot keep', () => {
  const sources = readdirSync('src/dialects').filter((file) => file.endsWith('.ts')).map((file) => readFileSync(`src/dialects/${file}`, 'utf8'))
  const fields = sources.flatMap((source) => [...source.matchAll(/field: ['`]([^'`]+)['`], kind: 'widened'|\blost\('(\w+)'/g)].flatMap(([, field, lost]) => field ?? lost ?? []))

  test.each([...new Set(fields)].map((field) => field.replace('${index}', '3')))('%s has words in each language', (field) => {
    for (const { messages } of locales) expect(messages.widenedReason({ field, reason: 'the wallet cannot' })).not.toContain('the wallet cannot')
  })

  test('covers the terms that wallets are known to widen', () => {
    expect(fields).toEqual(expect.arrayContaining(['payee', 'functions', 'valueLimit', 'startTime', 'callLimit', 'functions[${index}].args']))
  })
})

describe('Arabic', () => {
  const texts = [...textsOf(ar)].filter(([place]) => !['locale', 'direction'].includes(place))

  test('holds no word in Latin letters', () => {
    for (const [place, text] of texts) expect(text.replace(/⟦[^⟧]+⟧/g, ''), place).not.toMatch(/[A-Za-z]/)
  })

  test('isolates what others chose: names, amounts, addresses', () => {
    // Phrases of its own words are put together as they are.
    const phrases = /^(act|one|two|may|functions|period|rate|label|absolute)\d?$/
    const phraseOf = /^(inTotal|every|grows|sessionName|endsAt|asAsked)\(0\)$/
    for (const [place, text] of texts) {
      for (const [whole, name = ''] of text.matchAll(/⟦([^⟧]+)⟧/g)) {
        if (phrases.test(name) || phraseOf.test(place)) continue
        const before = text.slice(0, text.indexOf(whole))
        expect(depth(before), `${place}: ${name} is isolated`).toBeGreaterThan(0)
      }
      expect(depth(text), `${place} closes what it opens`).toBe(0)
    }
  })

  test.each([
    [0, '0 مرة على الأكثر'],
    [1, 'مرة واحدة على الأكثر'],
    [2, 'مرتين على الأكثر'],
    [3, '3 مرات على الأكثر'],
    [10, '10 مرات على الأكثر'],
    [11, '11 مرة على الأكثر'],
    [99, '99 مرة على الأكثر'],
    [100, '100 مرة على الأكثر'],
    [103, '103 مرات على الأكثر'],
  ])('counts %i', (count, words) => {
    expect(ar.atMostTimes(count, String(count))).toBe(words)
  })

  test('the sentence of two calls, of three, and of eleven', () => {
    const sentence = (count: number) => withoutIsolates(ar.callsTitle({ site: 'shop.example', count }))
    expect([sentence(1), sentence(2), sentence(3), sentence(11)]).toEqual([
      'هل تسمح لـ shop.example باستخدام حسابك لإجراء استدعاء واحد؟',
      'هل تسمح لـ shop.example باستخدام حسابك لإجراء استدعاءين؟',
      'هل تسمح لـ shop.example باستخدام حسابك لإجراء 3 استدعاءات؟',
      'هل تسمح لـ shop.example باستخدام حسابك لإجراء 11 استدعاءً؟',
    ])
  })
})

describe('the test of a language can fail', () => {
  test.each<[string, Partial<UiMessages>]>([
    ['drops a limit', { spend: () => 'gastar tokens' }],
    ['takes what was asked for what is allowed', { askedAllowed: ({ asked, allowed }) => es.askedAllowed({ asked: allowed, allowed: asked }) }],
    ['takes the owner for the receiver', { transferFrom: ({ owner, receiver, amount }) => es.transferFrom({ owner: receiver, receiver: owner, amount }) }],
    ['takes what is left for the limit', { amountLeft: ({ left, limit }) => es.amountLeft({ left: limit, limit: left }) }],
    ['leaves a message in English', { revocable: uiMessages.revocable }],
    ['leaves a message empty', { callsWarning: '' }],
  ])('on a Spanish that %s', (_, broken) => {
    expect(() => holdToEnglish('es', { ...es, ...broken })).toThrow()
  })
})

/** How many isolates are open at the end of a text. */
function depth(text: string): number {
  return [...text].reduce((open, character) => open + (character === '\u2068' ? 1 : character === '\u2069' ? -1 : 0), 0)
}
