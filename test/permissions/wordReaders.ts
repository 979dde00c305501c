import type { PermissionMessages } from '../../src/permissions/messages.js'
import { permissionMessages } from '../../src/permissions/messages.js'
import { ar } from '../../src/locales/ar/index.js'
import { es } from '../../src/locales/es/index.js'

/** Reads the words of one language back. It is written down a second time here, by hand: a locale's own mistakes do not read themselves. */
export type WordReader = {
  locale: string
  messages: PermissionMessages
  /** How figures are grouped, and where their fraction begins. */
  group: ',' | '.'
  decimal: ',' | '.'
  /** An amount, then that it is raw: two groups, as the source of an expression. */
  number: string
  /** With `number` put in place of `#`. */
  spendUpTo: string
  atMost: string
  carriesUpTo: string
  atOnce: RegExp
  withoutLimit: RegExp
  spendWithoutLimit: RegExp
  carriesWithoutLimit: RegExp
  onlyTo: RegExp
  anythingOn: RegExp
  notBefore: RegExp
  once: RegExp
  twice: RegExp
  times: RegExp
  anyNumberOfTimes: RegExp
  perUnit: Readonly<Record<'second' | 'minute' | 'hour' | 'day' | 'week', RegExp>>
  /** The length after "every", and its pieces: a count (none where the word says it) and a unit. */
  every: RegExp
  piece: RegExp
  units: Readonly<Record<string, readonly [seconds: number, counted?: number]>>
  /** What says that something is not limited. */
  open: RegExp
  largestValue: RegExp
  approvalOutlives: RegExp
  verbs: Readonly<Record<string, RegExp>>
  /** What the sentence takes over from the lines. */
  keywords: RegExp
  months: readonly string[]
  time: (hours: number, minutes: number) => string
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const two = (part: number) => String(part).padStart(2, '0')
const address = String.raw`(0x\w{4}…\w{4})`

export const english: WordReader = {
  locale: 'en-GB',
  messages: permissionMessages,
  group: ',',
  decimal: '.',
  number: String.raw`(\d[\d,]*(?:\.\d+)?) (raw units of )?`,
  spendUpTo: 'spend up to #',
  atMost: String.raw`#\S+(?: \S+)? at most`,
  carriesUpTo: 'each call may carry up to #ETH',
  atOnce: / at once /,
  withoutLimit: /without limit/,
  spendWithoutLimit: /spend .+ without limit/,
  carriesWithoutLimit: /each call may carry ETH without limit/,
  onlyTo: new RegExp(`only to ${address}`),
  anythingOn: /anything on/,
  notBefore: /not before/,
  once: /\bat most once\b/,
  twice: /\bat most twice\b/,
  times: /\bat most ([\d,]+) times\b/,
  anyNumberOfTimes: /any number of times|no limit/,
  perUnit: { second: /\bper second\b/, minute: /\bper minute\b/, hour: /\bper hour\b/, day: /\bper day\b/, week: /\bper week\b/ },
  every: /\bevery ((?:[\d,]+ (?:second|minute|hour|day)s?(?:, )?)+)/,
  piece: /([\d,]+) (second|minute|hour|day)/g,
  units: { second: [1], minute: [minute], hour: [hour], day: [day] },
  open: /anyone|any amount|not limited in|anything on|without limit/,
  largestValue: /largest possible value/,
  approvalOutlives: /An approval outlives the session/,
  verbs: {
    approve: /\bapprove\b/,
    increaseAllowance: /\braise by\b|\bincreaseAllowance\b/,
    setApprovalForAll: /\b(approve|take back the approval of|setApprovalForAll)\b/,
  },
  keywords: /without limit|anyone|only to|not before|anything on|approve|at most|any number of times/g,
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'],
  time: (hours, minutes) => `${two(hours)}:${two(minutes)}`,
}

export const spanish: WordReader = {
  locale: 'es',
  messages: es,
  group: '.',
  decimal: ',',
  number: String.raw`(\d[\d.]*(?:,\d+)?) (unidades sin convertir de )?`,
  spendUpTo: 'gastar hasta #',
  atMost: String.raw`#\S+(?: \S+)? como máximo`,
  carriesUpTo: 'cada llamada puede llevar hasta #ETH',
  atOnce: / de inmediato y /,
  withoutLimit: /sin límite/,
  spendWithoutLimit: /gastar .+ sin límite/,
  carriesWithoutLimit: /cada llamada puede llevar ETH sin límite/,
  onlyTo: new RegExp(`solo a ${address}`),
  anythingOn: /cualquier cosa en/,
  notBefore: /no antes del/,
  once: /como máximo una vez/,
  twice: /como máximo dos veces/,
  times: /como máximo ([\d.]+) veces/,
  anyNumberOfTimes: /cualquier número de veces|sin ningún límite/,
  perUnit: { second: /por segundo/, minute: /por minuto/, hour: /por hora/, day: /por día/, week: /por semana/ },
  every: /\bcada ((?:[\d.]+ (?:segundo|minuto|hora|día)s?(?:, | y )?)+)/,
  piece: /([\d.]+) (segundo|minuto|hora|día)/g,
  units: { segundo: [1], minuto: [minute], hora: [hour], día: [day] },
  open: /\bcualquiera\b|cualquier cantidad|no limita|cualquier cosa en|sin límite/,
  largestValue: /el valor más grande posible/,
  approvalOutlives: /Una aprobación sigue en vigor cuando termina la sesión/,
  verbs: {
    approve: /\baprobar que\b|\bapprove\b/,
    increaseAllowance: /\baumentar en\b|\bincreaseAllowance\b/,
    setApprovalForAll: /\b(aprobar que|retirar la aprobación de|setApprovalForAll)\b/,
  },
  keywords: /sin límite|\bcualquiera\b|solo a|no antes del|cualquier cosa en|aprobar|como máximo|cualquier número de veces/g,
  months: ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sept', 'oct', 'nov', 'dic'],
  time: english.time,
}

export const arabic: WordReader = {
  locale: 'ar',
  messages: ar,
  group: ',',
  decimal: '.',
  number: String.raw`(\d[\d,]*(?:\.\d+)?) (بالوحدة الخام من )?`,
  spendUpTo: 'إنفاق ما لا يزيد على #',
  atMost: String.raw`#\S+(?: \S+)? على الأكثر`,
  carriesUpTo: 'يمكن أن يحمل كل استدعاء ما لا يزيد على #ETH',
  atOnce: / فورًا، ثم /,
  withoutLimit: /بلا حد/,
  spendWithoutLimit: /إنفاق .+ بلا حد/,
  carriesWithoutLimit: /يمكن أن يحمل كل استدعاء ETH بلا حد/,
  onlyTo: new RegExp(`إلى ${address} فقط`),
  anythingOn: /أي شيء في/,
  notBefore: /ليس قبل/,
  once: /مرة واحدة على الأكثر/,
  twice: /مرتين على الأكثر/,
  times: /([\d,]+) (?:مرات|مرة) على الأكثر/,
  anyNumberOfTimes: /أي عدد من المرات|دون أي حد/,
  perUnit: { second: /في الثانية/, minute: /في الدقيقة/, hour: /في الساعة/, day: /في اليوم/, week: /في الأسبوع/ },
  every: /كل (?:فترة مدتها )?((?:(?: و)?(?:[\d,]+ )?(?:ثانيت[اي]ن|ثوان|ثانية|دقيقت[اي]ن|دقائق|دقيقة|ساعت[اي]ن|ساعات|ساعة|يوم[اي]ن|أيام|يومًا|يوم))+)/,
  piece: /(?:([\d,]+) )?(ثانيت[اي]ن|ثوان|ثانية|دقيقت[اي]ن|دقائق|دقيقة|ساعت[اي]ن|ساعات|ساعة|يوم[اي]ن|أيام|يومًا|يوم)/g,
  units: {
    ثانية: [1],
    ثانيتين: [1, 2],
    ثانيتان: [1, 2],
    ثوان: [1],
    دقيقة: [minute],
    دقيقتين: [minute, 2],
    دقيقتان: [minute, 2],
    دقائق: [minute],
    ساعة: [hour],
    ساعتين: [hour, 2],
    ساعتان: [hour, 2],
    ساعات: [hour],
    يوم: [day],
    يومين: [day, 2],
    يومان: [day, 2],
    أيام: [day],
    يومًا: [day],
  },
  open: /أي جهة كانت|أي مقدار|لا تقيّد|أي شيء في|بلا حد/,
  largestValue: /أكبر قيمة ممكنة/,
  approvalOutlives: /يبقى التفويض ساريًا بعد انتهاء الجلسة/,
  verbs: {
    approve: /تفويض|\bapprove\b/,
    increaseAllowance: /زيادة ما فُوِّض|\bincreaseAllowance\b/,
    setApprovalForAll: /تفويض .+ بنقل كل|سحب تفويض|\bsetApprovalForAll\b/,
  },
  keywords: /بلا حد|أي جهة كانت|فقط|ليس قبل|أي شيء في|تفويض|على الأكثر|أي عدد من المرات/g,
  months: ['يناير', 'فبراير', 'مارس', 'أبريل', 'مايو', 'يونيو', 'يوليو', 'أغسطس', 'سبتمبر', 'أكتوبر', 'نوفمبر', 'ديسمبر'],
  time: (hours, minutes) => `${two(hours % 12 || 12)}:${two(minutes)} ${hours < 12 ? 'ص' : 'م'}`,
}

export const readers = [english, spanish, arabic] as const

/** Without the characters that only say which way to read, and with ordinary spaces. */
export function plain(text: string): string {
  return text.replace(/[\u200E\u200F\u2066-\u2069]/g, '').replace(/[\u00A0\u202F]/g, ' ')
}
