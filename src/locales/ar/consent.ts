import { isolate } from '../../permissions/isolate.js'
import type { PermissionMessages } from '../../permissions/messages.js'
import type { uiMessages } from '../../ui/messages.js'
import type { sessionMessages } from '../../ui/sessionMessages.js'
import { counted } from './count.js'
import { toward } from './permissions.js'

type ConsentMessages = Omit<typeof uiMessages, keyof PermissionMessages | keyof typeof sessionMessages>

/** What the wallet cannot keep, by the term. Anything else comes in the kit's own sentence. */
const widenedTerms: readonly (readonly [RegExp, string])[] = [
  [/^payee$/, 'لا تستطيع المحفظة قصره على جهة مستلمة واحدة'],
  [/^functions$/, 'تسمح المحفظة باستدعاء كل دوال العقد'],
  [/^functions\[\d+\]\.args$/, 'لا تستطيع المحفظة تقييد وسائط الدالة'],
  [/^valueLimit$/, 'تسمح المحفظة بإرسال أي مقدار من عملة الشبكة'],
  [/^startTime$/, 'تبدأ المحفظة فورًا، وإن كانت هناك فترات فقد تدخل فترة إضافية في الجلسة'],
  [/^callLimit$/, 'تعدّ المحفظة معاملات الجلسة كلها، وقد تضم كل معاملة عدة استدعاءات'],
]

const calls = (count: number) =>
  counted(count, String(count), { zero: 'استدعاء', one: 'استدعاء واحد', two: 'استدعاءين', few: 'استدعاءات', many: 'استدعاءً', other: 'استدعاء' })

export const consent: ConsentMessages = {
  // Consent
  consentTitle: (site) => `هل تسمح ${toward(site)} بالتصرف نيابةً عنك؟`,
  callsTitle: ({ site, count }) => `هل تسمح ${toward(site)} باستخدام حسابك لإجراء ${calls(count)}؟`,
  callsSentence: ({ app, count, chain }) => `يطلب ${isolate(app)} أن يُجري حسابك نفسه ${calls(count)} على ${isolate(chain)}، مرة واحدة، الآن.`,
  callsWarning: 'حسابك نفسه هو الذي يتصرف. لا يقيّده أي حد من حدود الجلسة.',
  widened: (reasons) => `لا تستطيع محفظتك إلا منح أكثر مما طلبه التطبيق: ${reasons.join('؛ ')}. ما ستمنحه مبيّن أدناه.`,
  widenedReason: ({ field, reason }) => widenedTerms.find(([term]) => term.test(field))?.[1] ?? isolate(`«${reason}»`),
  callsItself: (name) => `يسمّي التطبيق نفسه ${isolate(name)}`,
  unknownSite: 'موقع مجهول',
  insecureSite: 'هذا الموقع غير مشفّر: ربما غيّر أحدهم في الطريق ما يطلبه.',
  reject: 'رفض',
  allow: 'سماح',
  allowing: 'جارٍ السماح…',
  grantingHint: 'محفظتك تعمل على ذلك. يمكنك إخفاء هذه النافذة، ويستمر العمل.',
  hide: 'إخفاء',
  warning: 'تحذير',
  permissions: 'ما يجوز له فعله',
  calls: 'الاستدعاءات',
  appCallsContract: (names) => `يسمّي التطبيق هذا العقد ${names.map(isolate).join('، من ')}.`,
  appCallsFunction: ({ name, selector, intent }) => `وصف التطبيق لـ ${isolate(name)} (${isolate(selector)}): ${isolate(intent)}`,
  appCallsArguments: ({ name, selector }) => `وصف التطبيق لما هو مثبّت في ${isolate(name)} (${isolate(selector)})`,
  appExactValues: 'القيم كما هي',

  // What exists already
  existing: (ends) =>
    ends
      ? 'لهذا التطبيق جلسة على هذا الحساب بالفعل. تحلّ هذه محلها.'
      : ends === false
        ? 'لهذا التطبيق جلسة على هذا الحساب بالفعل. تبقى سارية إلى جانب هذه حتى تنتهي.'
        : 'سمح هذا الحساب بشيء من هذا النوع من قبل، ولا يزال ساريًا.',
  status: { new: 'جديد', changed: 'تغيّر', unchanged: 'كما كان' },
  changedTerm: ({ label, before, after }) => `${label}: كان ${isolate(before)}، والآن ${isolate(after)}`,
  removed: 'لم يعد مسموحًا به',
  existingEnds: (end) => `سابقًا: ${isolate(end)}`,

  // The worst case
  worstCase: 'أقصى ما قد يكلّفك',
  exposureNothing: 'لا تنفق رموزًا من تلقاء نفسها.',
  exposureUnknown: (what) => `لا يُعرف كم قد يكلّفك هذا: ${what.join('؛ ')}.`,
  approximately: (fiat) => `نحو ${isolate(fiat)}`,

  // Risks
  understood: 'أفهم هذا وأريد السماح به',
  tickFirst: (count) =>
    `علّم أولًا على ${counted(count, String(count), { zero: 'تحذير', one: 'التحذير', two: 'التحذيرين', few: 'تحذيرات', many: 'تحذيرًا', other: 'تحذير' })} بعد القراءة.`,

  // Allowing less
  lower: 'السماح بأقل',
  lowerDone: 'تم',
  limitIn: ({ label, unit }) => `${label}، بوحدة ${isolate(unit)}`,
  asked: (asked) => `المطلوب: ${isolate(asked)}`,
  askedAllowed: ({ asked, allowed }) => `المطلوب: ${isolate(asked)}، وما تسمح به أنت: ${isolate(allowed)}`,
  limitProblem: {
    unreadable: (asked) => `اكتب رقمًا. المطلوب: ${isolate(asked)}`,
    'too-much': (asked) => `يمكنك خفضه فقط. المطلوب: ${isolate(asked)}`,
    'too-little': (asked) => `لن يبقى شيء. المطلوب: ${isolate(asked)}`,
  },
  endSooner: 'إنهاء أبكر',
  asAsked: (end) => `${end}، كما طُلب`,
  optional: 'السماح بهذا أيضًا؛ يستطيع التطبيق العمل من دونه',
  notAllowed: 'أنت لا تسمح بهذا.',
  nothingLeft: 'لم يبقَ شيء للسماح به. اسمح بشيء أو ارفض.',
  unreadableLimits: 'صحّح أولًا الحدود المعلَّمة.',

  ends: 'الانتهاء',
  // Not isolated: an option of a list has the direction of the first letter that is not.
  endsAt: ({ absolute, relative }) => `${absolute} (${relative})`,

  // What the wallet answered
  grantDifference: 'ما منحته محفظتك بدلًا من ذلك',
  grantMismatch: 'منحت محفظتك شيئًا غير ما طُلب. يُعزل ولا يُستخدم.',
  differenceOf: 'الشرط',
  askedColumn: 'المطلوب',
  grantedColumn: 'الممنوح',
  notAsked: 'لم يُطلب',
  notGranted: 'لم يُمنح',
  differenceKind: { narrower: 'أقل', broader: 'أكثر', missing: 'محذوف', other: 'شيء آخر' },

  covered: 'شيء ما يغطي هذا السؤال. لا يمكن السماح بأي شيء حتى يظهر.',
  fees: 'رسوم الشبكة',
  feesPaidBy: { relay: 'يدفعها التطبيق، لا أنت', 'session-key': 'يدفعها مفتاح الجلسة، لا حسابك', account: 'تُدفع من حسابك، في حدود ما تسمح به هنا' },

  account: 'الحساب',
  network: 'الشبكة',
  upgradesAccount: 'يصبح حسابك حسابًا ذكيًا. يبقى عنوانه ومفتاحه وما فيه كما هي.',
  justification: 'يقول التطبيق',
  revocable: 'يمكنك إنهاؤها في أي وقت؛ وبعد ذلك ترفض السلسلة كل استدعاء.',
  details: 'تفاصيل تقنية',
  sessionKey: 'مفتاح الجلسة',
  sessionKeyToCome: 'مفتاح جديد، يُنشأ عند موافقتك.',
  chainId: 'معرّف السلسلة',
  origin: 'المصدر',
  callTo: 'إلى',
  callCarries: 'يحمل',
  callFunction: 'الدالة',
  callData: (position) => `الاستدعاء ${position}`,
  callNoFunction: 'لا توجد',
  nothing: 'لا شيء',
}
