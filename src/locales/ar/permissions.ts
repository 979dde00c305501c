import { holdsRightToLeft, isolate } from '../../permissions/isolate.js'
import type { PermissionMessages } from '../../permissions/messages.js'
import { counted, times } from './count.js'

const perUnit = { second: 'في الثانية', minute: 'في الدقيقة', hour: 'في الساعة', day: 'في اليوم', week: 'في الأسبوع' }

/** `لهذا التطبيق`, and `لـ Sword Shop` where the name is not one of these words. */
export function toward(name: string): string {
  return /^\p{Script=Arabic}/u.test(name) ? `ل${name}` : `لـ ${isolate(name)}`
}

/**
 * `كل 6 ساعات`, `كل يومين`: after `كل` a dual stands in the genitive, and `Intl` gives it as it stands alone (`يومان`). A length of several
 * parts is said to be one length: `كل ساعة ودقيقة` could be read as every hour and every minute.
 */
function every(duration: string): string {
  const parts = duration.split(/،? و/u)
  return parts.length > 1 ? `كل فترة مدتها ${parts.join(' و')}` : `كل ${duration.replace(/(يوم|ساعت|دقيقت|ثانيت)ان$/u, '$1ين')}`
}

const equals = (args: readonly { label: string; value: string }[]) => args.map(({ label, value }) => `${isolate(label)} = ${isolate(value)}`).join('، ')

/**
 * What a permission allows. Acts are verbal nouns, so that they stand alone (`إنفاق ما لا يزيد على …`) and after `يجوز`. A limit is
 * `ما لا يزيد على` or `على الأكثر`: both include the figure and nothing beyond it. Everything that is not a word of these sentences is
 * isolated, so that it keeps its own order.
 */
export const permissions: PermissionMessages = {
  locale: 'ar',
  direction: 'rtl',

  // Sentences
  summary: ({ act, qualifiers }) => [act, ...qualifiers].join('، '),
  clause: ({ act, qualifiers }) => (qualifiers.length > 0 ? `${act} (${qualifiers.join('، ')})` : act),
  session: ({ app, may, until, relative }) => `حتى ${isolate(until)} (${isolate(relative)})، يجوز ${toward(app)} ${may}.`,
  thisApp: 'هذا التطبيق',
  quoted: (text) => isolate(`«${text}»`),

  // Calls of a contract
  wholeContract: (contract) => `أي شيء في ${isolate(contract)}`,
  doWholeContract: (contract) => `فعل أي شيء في ${isolate(contract)}`,
  noLimit: 'دون أي حد',
  callOn: ({ functions, contract }) => `استدعاء ${functions} في ${isolate(contract)}`,
  functionName: isolate,
  otherFunctions: (count, formatted) =>
    counted(count, formatted, { zero: 'دالة أخرى', one: 'دالة أخرى', two: 'دالتين أخريين', few: 'دوال أخرى', many: 'دالة أخرى', other: 'دالة أخرى' }),
  withArguments: ({ name, args }) => `${isolate(name)} حيث ${equals(args)}`,
  argument: (position) => `الوسيط ${position}`,
  truth: (value) => (value ? 'صحيح' : 'خطأ'),
  atMostTimes: (count, formatted) => `${times(count, formatted)} على الأكثر`,
  anyNumberOfTimes: 'أي عدد من المرات',
  valuePerCall: (amount) => `يمكن أن يحمل كل استدعاء ما لا يزيد على ${isolate(amount)}`,
  amountInAll: (amount) => `${isolate(amount)} في المجموع`,
  nothingCarried: 'لا شيء',
  fromTheStart: 'من البداية',
  neverEnds: 'أبدًا',
  valueUnlimited: (token) => `يمكن أن يحمل كل استدعاء ${isolate(token)} بلا حد`,

  // Functions of tokens that everybody knows
  approve: ({ spender, amount }) => `تفويض ${isolate(spender)} بإنفاق ${isolate(amount)}`,
  raiseApproval: ({ spender, amount }) => `زيادة ما فُوِّض ${isolate(spender)} بإنفاقه بمقدار ${isolate(amount)}`,
  approveAll: ({ operator, contract }) => `تفويض ${isolate(operator)} بنقل كل ما تملكه في ${isolate(contract)}`,
  unapproveAll: ({ operator, contract }) => `سحب تفويض ${isolate(operator)} في ${isolate(contract)}`,
  transfer: ({ receiver, amount }) => `تحويل ${isolate(amount)} إلى ${isolate(receiver)}`,
  transferFrom: ({ owner, receiver, amount }) => `تحويل ${isolate(amount)} من ${isolate(owner)} إلى ${isolate(receiver)}`,
  exactly: (amount) => `${isolate(amount)} بالضبط`,
  anyAmount: (token) => `أي مقدار من ${isolate(token)}`,
  withoutLimit: (token) => `${isolate(token)} بلا حد`,
  anyone: 'أي جهة كانت',
  party: ({ name, address }) => `${isolate(name)} (${isolate(address)})`,

  // Spending
  spend: (amount) => `إنفاق ما لا يزيد على ${isolate(amount)}`,
  inTotal: (act) => `${act} إجمالًا`,
  spendUnlimited: (token) => `إنفاق ${isolate(token)} بلا حد`,
  spendPeriodic: ({ amount, period }) => `إنفاق ما لا يزيد على ${isolate(amount)} ${period}`,
  spendUnlimitedPeriodic: ({ token, period }) => `إنفاق ${isolate(token)} بلا حد ${period}`,
  payFees: (amount) => `دفع رسوم الشبكة بما لا يزيد على ${isolate(amount)}`,
  payFeesPeriodic: ({ amount, period }) => `دفع رسوم الشبكة بما لا يزيد على ${isolate(amount)} ${period}`,
  spendStream: ({ atOnce, rate }) => (atOnce ? `إنفاق ما لا يزيد على ${isolate(atOnce)} فورًا، ثم ${rate} زيادةً عليه` : `إنفاق ما لا يزيد على ${rate}`),
  streamRate: ({ amount, period }) => `${isolate(amount)} ${period}`,
  streamMax: (amount) => `${isolate(amount)} على الأكثر`,
  transferNft: ({ contract, tokenId }) => `تحويل ${isolate(contract)} ${isolate(`#${tokenId}`)} إلى أي جهة كانت`,
  onlyTo: (payee) => `إلى ${isolate(payee)} فقط`,
  notBefore: (moment) => `ليس قبل ${isolate(moment)}`,
  per: (unit) => perUnit[unit],
  every,

  // Amounts
  // A symbol in Arabic comes after its figure as it is read, from the right: RIGHT-TO-LEFT ISOLATE.
  amount: ({ value, symbol }) => (holdsRightToLeft(symbol) ? `\u2067${value} ${symbol}\u2069` : isolate(`${value} ${symbol}`)),
  rawAmount: ({ value, token }) => `${isolate(value)} بالوحدة الخام من ${isolate(token)}`,
  nativeToken: 'عملة الشبكة',
  largestValue: 'أكبر قيمة ممكنة',
  rawDetail: (value) => `${isolate(value)} بأصغر وحدة`,
  unknownDecimals: 'عدد المنازل العشرية غير معروف، لذا فالمقدار بأصغر وحدة.',

  // Single calls of the account itself
  send: ({ amount, receiver }) => `إرسال ${isolate(amount)} إلى ${isolate(receiver)}`,
  callUnknown: ({ selector, contract }) => `استدعاء ${isolate(selector)} في ${isolate(contract)}`,
  callFallback: (contract) => `استدعاء ${isolate(contract)}`,
  carrying: (amount) => `مع إرسال ${isolate(amount)}`,

  // The app's clear-signing files
  beside: ({ words, exact }) => `${isolate(words)} (${isolate(exact)})`,
  block: (height) => `الكتلة ${isolate(height)}`,
  nft: ({ collection, id }) => `${isolate(collection)} ${isolate(`#${id}`)}`,
  innerCall: 'استدعاء داخل الاستدعاء، لا تستطيع هذه الشاشة عرضه',

  // The worst case
  exposure: ({ amount, renewals }) => `${isolate(amount)} على الأكثر في المجموع${renewals.length > 0 ? `: ${renewals.join('، ')}` : ''}`,
  renewal: ({ amount, period, times: formatted, count }) => `${isolate(amount)} ${period}، ${times(count, formatted)}`,
  exposureUnlimited: (token) => `${isolate(token)} بلا حد: كل ما لديك`,

  // Rows
  rows: {
    function: 'الدالة',
    everyFunction: 'كل الدوال',
    contract: 'العقد',
    token: 'الرمز المميز',
    amount: 'المقدار',
    atOnce: 'فورًا',
    rate: 'ثم',
    most: 'على الأكثر',
    worstCase: 'إلى أن تنتهي، على الأكثر',
    tokenId: 'معرّف الرمز',
    period: 'الفترة',
    payee: 'إلى',
    calls: 'الاستدعاءات',
    value: 'يحمل',
    start: 'يبدأ',
    other: 'الشروط',
    expiry: 'الانتهاء',
    permission: 'الإذن',
    spender: 'المُنفِق',
    operator: 'المُشغِّل',
    approved: 'المُفوَّض به',
    receiver: 'إلى',
    owner: 'من',
    warning: 'تحذير',
  },

  // Warnings
  wholeContractWarning: (contract) => `كل دوال ${isolate(contract)} مسموح بها، حتى التي تنقل رموزك أو تتيح لغيرك نقلها.`,
  approvalOutlives: 'يبقى التفويض ساريًا بعد انتهاء الجلسة: يجب سحبه على حدة.',
  approvalLasts: 'يبقى التفويض ساريًا إلى أن يُسحب.',
  unlimitedApproval: (token) => `التفويض بلا حد: يمكن أخذ كل ما لديك من ${isolate(token)}.`,
  freeArguments: ({ name, each }) => `${isolate(name)} لا تقيّد ${each.join(' ولا ')}.`,
  freeAmount: 'المقدار',
  freeAmountOrTokenId: 'المقدار أو الرمز المقصود',
  freeTokenId: 'الرمز المقصود',
  freeReceiver: 'الجهة المستلمة',
  freeSpender: 'الجهة المفوَّضة',
  controlsContract: (name) => `${isolate(name)} قد تغيّر الجهة التي تتحكم في العقد أو ما يتحكم فيه.`,
  runsOtherCalls: (name) => `${isolate(name)} قد تنفّذ داخلها استدعاءات أخرى لا تستطيع هذه الشاشة عرضها.`,
  unlimitedSpend: (token) => `لا حد للمقدار: يمكن إنفاق كل ما لديك من ${isolate(token)}.`,
  unlimitedCalls: (token) => `عدد الاستدعاءات غير محدود، وكذلك مجموع ما تحمله من ${isolate(token)}.`,
  unlimitedRepeats: (token) => `عدد الاستدعاءات غير محدود، وكذلك مجموع ما تنقله أو تفوّض به من ${isolate(token)}.`,
  unknownContract: (contract) => `${isolate(contract)} لا يقول شيئًا عن نفسه: لا اسم ولا رمز. لا أحد يستطيع من هنا معرفة ما يفعله.`,
  unlimitedAmount: 'لا حد لما يمكن إنفاقه هنا.',
  farExpiry: 'تدوم أكثر من 90 يومًا.',
  addsUp: (token) => `إذن آخر في هذه القائمة ينفق ${isolate(token)} أيضًا: المقادير تُجمع.`,
  unreadable: 'جزء من هذا الإذن لا يمكن قراءته. ارفضه ما لم تكن تعرف ما يفعله.',
}
