/** Counters of sign-in attempts: a wrong one stays counted, and too many of them begin a wait. */
export const attemptKinds = ['address', 'account', 'device', 'password'] as const
/** Rate limits of requests, whether these succeed or fail. */
const rateKinds = [
  'registration',
  'password_change',
  'mail_address',
  'mail_account',
  'mail_inviter',
  'mail_network',
  'mail_total',
  'code_network',
] as const
export const limitKinds = [...attemptKinds, ...rateKinds] as const

export type AttemptKind = (typeof attemptKinds)[number]
export type RateKind = (typeof rateKinds)[number]
export type LimitKind = (typeof limitKinds)[number]

/** There is one counter for each key. */
export interface LimitKey<Kind extends LimitKind = LimitKind> {
  readonly kind: Kind
  readonly subject: string
}

/** Wrong attempts beyond the free ones begin a wait: of 1 s after the first, twice as long after each further one. */
export interface AttemptLimit {
  readonly freeTries: number
  /** One failure is forgotten each time so long has passed. */
  readonly refillMs: number
  readonly maxWaitMs: number
}

/** A token bucket: `count` at once, and one more each time `refillMs` has passed. */
export interface RateLimit {
  readonly count: number
  readonly refillMs: number
}

/** Undefined where nothing is counted. */
export interface ThrottleLimits {
  readonly attempts: Readonly<Record<AttemptKind, AttemptLimit | undefined>>
  readonly rates: Readonly<Record<RateKind, RateLimit | undefined>>
}

interface CountPerTime {
  readonly count: number
  readonly perSeconds: number
}

/** The settings of this module; undefined is `off`. */
export interface ThrottleSettings {
  readonly attemptsPerAccount: number | undefined
  readonly attemptsPerAddress: number | undefined
  readonly attemptsPerPassword: number | undefined
  readonly attemptMaxWaitSeconds: number
  readonly limitRegistration: CountPerTime | undefined
  readonly limitPasswordChange: CountPerTime | undefined
  readonly limitMail: CountPerTime | undefined
  readonly limitMailNetwork: CountPerTime | undefined
  readonly limitMailTotal: CountPerTime | undefined
  readonly limitCodes: CountPerTime | undefined
}

/**
 * Many people share an address, and people mistype all day: it forgets quickly. An account is one person's, who
 * needs a handful of tries a day.
 */
const accountRefillMs = 15 * 60_000
const sharedRefillMs = 60_000

export function throttleLimits(settings: ThrottleSettings): ThrottleLimits {
  const maxWaitMs = settings.attemptMaxWaitSeconds * 1000
  const attemptLimit = (freeTries: number | undefined, refillMs: number): AttemptLimit | undefined =>
    freeTries === undefined ? undefined : { freeTries, refillMs, maxWaitMs }
  return {
    attempts: {
      address: attemptLimit(settings.attemptsPerAddress, sharedRefillMs),
      account: attemptLimit(settings.attemptsPerAccount, accountRefillMs),
      device: attemptLimit(settings.attemptsPerAccount, accountRefillMs),
      password: attemptLimit(settings.attemptsPerPassword, sharedRefillMs),
    },
    rates: {
      registration: rateLimit(settings.limitRegistration),
      password_change: rateLimit(settings.limitPasswordChange),
      mail_address: rateLimit(settings.limitMail),
      mail_account: rateLimit(settings.limitMail),
      mail_inviter: rateLimit(settings.limitMailNetwork),
      mail_network: rateLimit(settings.limitMailNetwork),
      mail_total: rateLimit(settings.limitMailTotal),
      code_network: rateLimit(settings.limitCodes),
    },
  }
}

const rateLimit = (setting: CountPerTime | undefined): RateLimit | undefined =>
  setting && {
    count: setting.count,
    refillMs: Math.max(1, Math.floor((setting.perSeconds * 1000) / setting.count)),
  }

/** After how long one failure of each kind is forgotten; at once where nothing is counted any more. */
export const refillMsByKind = ({ attempts, rates }: ThrottleLimits): ReadonlyMap<LimitKind, number> =>
  new Map(
    Object.entries({ ...attempts, ...rates }).map(([kind, limit]) => [
      kind as LimitKind,
      limit?.refillMs ?? 0,
    ]),
  )

/** True when the counter is of one account, false when of all users at an address or with a password. */
export const isOfAccount = (kind: LimitKind): boolean => kind === 'account' || kind === 'device'

/** Stands between the address of the account and the name of its device. The name holds none, an address may. */
export const deviceSeparator = '|'

/** The account that a counter counts for: its canonical address, or its id; undefined where it is not of one account. */
export function accountOf({ kind, subject }: LimitKey): { email: string } | { id: number } | undefined {
  if (kind === 'account') return { email: subject }
  if (kind === 'device') return { email: subject.slice(0, subject.lastIndexOf(deviceSeparator)) }
  if (kind === 'mail_address') return { email: subject }
  const isById = kind === 'password_change' || kind === 'mail_account' || kind === 'mail_inviter'
  return isById ? { id: Number(subject) } : undefined
}
