import { isolateRightToLeft } from '../../permissions/isolate.js'
import type { PermissionMessages } from '../../permissions/messages.js'

const perUnit = { second: 'por segundo', minute: 'por minuto', hour: 'por hora', day: 'por día', week: 'por semana' }

/**
 * What a permission allows. Acts are infinitives, so that they stand alone (`gastar hasta 5 GOLD en total`) and after `puede`. A limit is
 * `hasta` or `como máximo`, never `unos`: both include the figure and nothing beyond it.
 */
export const permissions: PermissionMessages = {
  locale: 'es',
  direction: 'ltr',

  // Sentences
  summary: ({ act, qualifiers }) => [act, ...qualifiers].join(', '),
  clause: ({ act, qualifiers }) => (qualifiers.length > 0 ? `${act} (${qualifiers.join(', ')})` : act),
  session: ({ app, may, until, relative }) => `Hasta el ${until} (${relative}), ${app} puede ${may}.`,
  thisApp: 'esta app',
  quoted: (text) => `«${isolateRightToLeft(text)}»`,

  // Calls of a contract
  wholeContract: (contract) => `cualquier cosa en ${contract}`,
  doWholeContract: (contract) => `hacer cualquier cosa en ${contract}`,
  noLimit: 'sin ningún límite',
  callOn: ({ functions, contract }) => `llamar a ${functions} en ${contract}`,
  functionName: (name) => name,
  otherFunctions: (_count, formatted) => `${formatted} funciones más`,
  withArguments: ({ name, args }) => `${name} con ${args.map(({ label, value }) => `${label} = ${value}`).join(', ')}`,
  argument: (position) => `argumento ${position}`,
  truth: (value) => (value ? 'verdadero' : 'falso'),
  atMostTimes: (count, formatted) => (count === 1 ? 'como máximo una vez' : count === 2 ? 'como máximo dos veces' : `como máximo ${formatted} veces`),
  anyNumberOfTimes: 'cualquier número de veces',
  valuePerCall: (amount) => `cada llamada puede llevar hasta ${amount}`,
  amountInAll: (amount) => `${amount} en total`,
  nothingCarried: 'nada',
  fromTheStart: 'desde el principio',
  neverEnds: 'nunca',
  valueUnlimited: (token) => `cada llamada puede llevar ${token} sin límite`,

  // Functions of tokens that everybody knows
  approve: ({ spender, amount }) => `aprobar que ${spender} gaste ${amount}`,
  raiseApproval: ({ spender, amount }) => `aumentar en ${amount} lo que ${spender} tiene aprobado gastar`,
  approveAll: ({ operator, contract }) => `aprobar que ${operator} mueva todo lo que tienes en ${contract}`,
  unapproveAll: ({ operator, contract }) => `retirar la aprobación de ${operator} en ${contract}`,
  transfer: ({ receiver, amount }) => `transferir ${amount} a ${receiver}`,
  transferFrom: ({ owner, receiver, amount }) => `transferir ${amount} de ${owner} a ${receiver}`,
  exactly: (amount) => `exactamente ${amount}`,
  anyAmount: (token) => `cualquier cantidad de ${token}`,
  withoutLimit: (token) => `${token} sin límite`,
  anyone: 'cualquiera',
  party: ({ name, address }) => `${name} (${address})`,

  // Spending
  spend: (amount) => `gastar hasta ${amount}`,
  inTotal: (act) => `${act} en total`,
  spendUnlimited: (token) => `gastar ${token} sin límite`,
  spendPeriodic: ({ amount, period }) => `gastar hasta ${amount} ${period}`,
  spendUnlimitedPeriodic: ({ token, period }) => `gastar ${token} sin límite ${period}`,
  payFees: (amount) => `pagar tarifas de red, como máximo ${amount}`,
  payFeesPeriodic: ({ amount, period }) => `pagar tarifas de red, como máximo ${amount} ${period}`,
  spendStream: ({ atOnce, rate }) => (atOnce ? `gastar hasta ${atOnce} de inmediato y además ${rate}` : `gastar hasta ${rate}`),
  streamRate: ({ amount, period }) => `${amount} ${period}`,
  streamMax: (amount) => `${amount} como máximo`,
  transferNft: ({ contract, tokenId }) => `transferir ${contract} #${tokenId} a cualquiera`,
  onlyTo: (payee) => `solo a ${payee}`,
  notBefore: (moment) => `no antes del ${moment}`,
  per: (unit) => perUnit[unit],
  every: (duration) => `cada ${duration}`,

  // Amounts
  amount: ({ value, symbol }) => `${value} ${symbol}`,
  rawAmount: ({ value, token }) => `${value} unidades sin convertir de ${token}`,
  nativeToken: 'la moneda de la red',
  largestValue: 'el valor más grande posible',
  rawDetail: (value) => `${value} en la unidad más pequeña`,
  unknownDecimals: 'No se conocen los decimales, así que está en la unidad más pequeña.',

  // Single calls of the account itself
  send: ({ amount, receiver }) => `enviar ${amount} a ${receiver}`,
  callUnknown: ({ selector, contract }) => `llamar a ${selector} en ${contract}`,
  callFallback: (contract) => `llamar a ${contract}`,
  carrying: (amount) => `enviando además ${amount}`,

  // The app's clear-signing files
  beside: ({ words, exact }) => `${words} (${exact})`,
  block: (height) => `bloque ${height}`,
  nft: ({ collection, id }) => `${collection} #${id}`,
  innerCall: 'una llamada dentro de la llamada, que esta pantalla no puede mostrar',

  // The worst case
  exposure: ({ amount, renewals }) => `como máximo ${amount} en total${renewals.length > 0 ? `: ${renewals.join(', ')}` : ''}`,
  renewal: ({ amount, period, times, count }) => `${amount} ${period}, ${times} ${count === 1 ? 'vez' : 'veces'}`,
  exposureUnlimited: (token) => `${token} sin límite: todo lo que tienes`,

  // Rows
  rows: {
    function: 'Función',
    everyFunction: 'Todas las funciones',
    contract: 'Contrato',
    token: 'Token',
    amount: 'Cantidad',
    atOnce: 'De inmediato',
    rate: 'Después',
    most: 'Como máximo',
    worstCase: 'Hasta que termine, como máximo',
    tokenId: 'ID del token',
    period: 'Periodo',
    payee: 'Para',
    calls: 'Llamadas',
    value: 'Lleva',
    start: 'Empieza',
    other: 'Condiciones',
    expiry: 'Termina',
    permission: 'Permiso',
    spender: 'Quién gasta',
    operator: 'Quién opera',
    approved: 'Aprobado',
    receiver: 'Para',
    owner: 'De',
    warning: 'Advertencia',
  },

  // Warnings
  wholeContractWarning: (contract) =>
    `Se permiten todas las funciones de ${contract}, también las que mueven tus tokens o dejan que otros las muevan.`,
  approvalOutlives: 'Una aprobación sigue en vigor cuando termina la sesión: hay que retirarla aparte.',
  approvalLasts: 'Una aprobación dura hasta que se retira.',
  unlimitedApproval: (token) => `La aprobación no tiene límite: se podrían llevar todo tu ${token}.`,
  freeArguments: ({ name, each }) => `${name} no limita ${each.length > 1 ? `ni ${each.join(' ni ')}` : each.join('')}.`,
  freeAmount: 'la cantidad',
  freeAmountOrTokenId: 'cuánto o qué token',
  freeTokenId: 'qué token',
  freeReceiver: 'quién lo recibe',
  freeSpender: 'a quién se aprueba',
  controlsContract: (name) => `${name} puede cambiar quién o qué controla el contrato.`,
  runsOtherCalls: (name) => `${name} puede ejecutar dentro otras llamadas, que esta pantalla no puede mostrar.`,
  unlimitedSpend: (token) => `No hay límite en la cantidad: se podría gastar todo tu ${token}.`,
  unlimitedCalls: (token) => `El número de llamadas no tiene límite, así que tampoco lo tiene el total de ${token} que llevan.`,
  unlimitedRepeats: (token) => `El número de llamadas no tiene límite, así que tampoco lo tiene el total de ${token} que mueven o aprueban.`,
  unknownContract: (contract) => `${contract} no dice nada de sí mismo: ni nombre ni símbolo. Desde aquí nadie puede saber qué hace.`,
  unlimitedAmount: 'Aquí no hay límite en lo que se puede gastar.',
  farExpiry: 'Dura más de 90 días.',
  addsUp: (token) => `Otro permiso de esta lista también gasta ${token}: las cantidades se suman.`,
  unreadable: 'Una parte de este permiso no se puede leer. Recházalo a menos que sepas lo que hace.',
}
