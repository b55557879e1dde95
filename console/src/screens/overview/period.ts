import type { Statistics } from '@propusk/client'

export type Counter = 'sign_ins' | 'failed_sign_ins' | 'refusals' | 'registrations' | 'token_reuse'

type Buckets = Statistics['buckets']

/** The period that is shown, and the one of the same length before it. */
export interface Period {
  readonly statistics: Statistics
  readonly buckets: Buckets
  readonly before: Buckets
  /** When the shown one begins. */
  readonly since: string
}

/** Halves an answer about twice the period: the later half is shown, the earlier one is what it is compared with. */
export function periodOf(statistics: Statistics): Period {
  const { buckets } = statistics
  const half = Math.floor(buckets.length / 2)
  const shown = buckets.slice(half)
  return {
    statistics,
    buckets: shown,
    before: buckets.slice(0, half),
    since: shown[0]?.at ?? statistics.since,
  }
}

export const sumOf = (buckets: Buckets, counter: Counter): number =>
  buckets.reduce((sum, bucket) => sum + bucket[counter], 0)

/** The action of the audit that each counter counts. */
export const actionOf: Readonly<Record<Counter, string>> = {
  sign_ins: 'user.login',
  failed_sign_ins: 'user.login_failed',
  refusals: 'access.denied',
  registrations: 'user.register',
  token_reuse: 'token.reuse',
}
