import type { uiMessages } from '../../ui/messages.js'
import type { PermissionMessages } from '../../permissions/messages.js'
import type { sessionMessages } from '../../ui/sessionMessages.js'

type ConsentMessages = Omit<typeof uiMessages, keyof PermissionMessages | keyof typeof sessionMessages>

/** What the wallet cannot keep, by the term. Anything else comes in the kit's own sentence. */
const widenedTerms: readonly (readonly [RegExp, string])[] = [
  [/^payee$/, 'la billetera no puede limitarlo a un solo destinatario'],
  [/^functions$/, 'la billetera permite llamar a todas las funciones de un contrato'],
  [/^functions\[\d+\]\.args$/, 'la billetera no puede limitar los argumentos de una función'],
  [/^valueLimit$/, 'la billetera permite enviar cualquier cantidad de la moneda de la red'],
  [/^startTime$/, 'la billetera empieza de inmediato y, si hay periodos, puede caber uno más en la sesión'],
  [/^callLimit$/, 'la billetera cuenta transacciones de toda la sesión, y cada una puede contener varias llamadas'],
]

export const consent: ConsentMessages = {
  // Consent
  consentTitle: (site) => `¿Permites que ${site} actúe por ti?`,
  callsTitle: ({ site, count }) => (count === 1 ? `¿Permites que ${site} use tu cuenta para una llamada?` : `¿Permites que ${site} use tu cuenta para ${count} llamadas?`),
  callsSentence: ({ app, count, chain }) => `${app} quiere que tu propia cuenta haga ${count === 1 ? 'una llamada' : `${count} llamadas`} en ${chain}, una sola vez, ahora.`,
  callsWarning: 'Es tu propia cuenta la que actúa. Ningún límite de sesión la frena.',
  widened: (reasons) => `Tu billetera solo puede conceder más de lo que pidió la app: ${reasons.join('; ')}. Abajo está lo que concedería.`,
  widenedReason: ({ field, reason }) => widenedTerms.find(([term]) => term.test(field))?.[1] ?? `«${reason}»`,
  callsItself: (name) => `La app se llama a sí misma ${name}`,
  unknownSite: 'un sitio desconocido',
  insecureSite: 'Este sitio no está cifrado: alguien en el camino podría haber cambiado lo que pide.',
  reject: 'Rechazar',
  allow: 'Permitir',
  allowing: 'Permitiendo…',
  grantingHint: 'Tu billetera está en ello. Puedes ocultar esta ventana; el proceso sigue.',
  hide: 'Ocultar',
  warning: 'Advertencia',
  permissions: 'Lo que puede hacer',
  calls: 'Las llamadas',
  appCallsContract: (names) => `La app llama a este contrato ${names.join(', de ')}.`,
  appCallsFunction: ({ name, selector, intent }) => `Palabras de la app para ${name} (${selector}): ${intent}`,
  appCallsArguments: ({ name, selector }) => `Palabras de la app para lo que está fijado en ${name} (${selector})`,
  appExactValues: 'Los valores tal como son',

  // What exists already
  existing: (ends) =>
    ends
      ? 'Esta app ya tiene una sesión en esta cuenta. Esta ocupa su lugar.'
      : ends === false
        ? 'Esta app ya tiene una sesión en esta cuenta. Sigue en vigor junto a esta hasta que termine.'
        : 'Esta cuenta ya permitió antes algo parecido, y sigue en vigor.',
  status: { new: 'Nuevo', changed: 'Cambiado', unchanged: 'Como antes' },
  changedTerm: ({ label, before, after }) => `${label}: antes ${before}, ahora ${after}`,
  removed: 'Ya no se permite',
  existingEnds: (end) => `Antes: ${end}`,

  // The worst case
  worstCase: 'Lo máximo que te puede costar',
  exposureNothing: 'Por sí sola no gasta tokens.',
  exposureUnknown: (what) => `No se sabe cuánto puede costar esto: ${what.join('; ')}.`,
  approximately: (fiat) => `aproximadamente ${fiat}`,

  // Risks
  understood: 'Lo entiendo y quiero permitirlo',
  tickFirst: (count) => (count === 1 ? 'Marca primero la advertencia que has leído.' : `Marca primero las ${count} advertencias que has leído.`),

  // Allowing less
  lower: 'Permitir menos',
  lowerDone: 'Listo',
  limitIn: ({ label, unit }) => `${label}, en ${unit}`,
  asked: (asked) => `Pedido: ${asked}`,
  askedAllowed: ({ asked, allowed }) => `Pedido: ${asked}; tú permites: ${allowed}`,
  limitProblem: {
    unreadable: (asked) => `Escribe un número. Pedido: ${asked}`,
    'too-much': (asked) => `Solo puedes bajarlo. Pedido: ${asked}`,
    'too-little': (asked) => `No quedaría nada. Pedido: ${asked}`,
  },
  endSooner: 'Terminar antes',
  asAsked: (end) => `${end}, como se pidió`,
  optional: 'Permitir también esto; la app puede funcionar sin ello',
  notAllowed: 'No permites esto.',
  nothingLeft: 'No queda nada que permitir. Permite algo o rechaza.',
  unreadableLimits: 'Corrige primero los límites marcados.',

  ends: 'Termina',
  endsAt: ({ absolute, relative }) => `${absolute} (${relative})`,

  // What the wallet answered
  grantDifference: 'Lo que concedió tu billetera en su lugar',
  grantMismatch: 'Tu billetera concedió algo distinto de lo que se pidió. Se guarda aparte y no se usa.',
  differenceOf: 'Condición',
  askedColumn: 'Pedido',
  grantedColumn: 'Concedido',
  notAsked: 'no se pidió',
  notGranted: 'no se concedió',
  differenceKind: { narrower: 'menos', broader: 'más', missing: 'omitido', other: 'otra cosa' },

  covered: 'Algo tapa esta pregunta. No se puede permitir nada hasta que se vea.',
  fees: 'Tarifas de red',
  feesPaidBy: { relay: 'las paga la app, no tú', 'session-key': 'las paga la clave de sesión, no salen de tu cuenta', account: 'salen de tu cuenta, dentro de lo que permites aquí' },

  account: 'Cuenta',
  network: 'Red',
  upgradesAccount: 'Tu cuenta pasa a ser una cuenta inteligente. Su dirección, su clave y lo que contiene siguen igual.',
  justification: 'La app dice',
  revocable: 'Puedes terminarla en cualquier momento; después, la cadena rechaza todas las llamadas.',
  details: 'Detalles técnicos',
  sessionKey: 'Clave de sesión',
  sessionKeyToCome: 'Una nueva, que se crea cuando aceptas.',
  chainId: 'ID de la cadena',
  origin: 'Origen',
  callTo: 'Para',
  callCarries: 'Lleva',
  callFunction: 'Función',
  callData: (position) => `Llamada ${position}`,
  callNoFunction: 'ninguna',
  nothing: 'nada',
}
