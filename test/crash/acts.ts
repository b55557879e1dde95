import { type ApiAnswer, call, password } from '../commands/support/api.ts'
import {
  deactivated,
  type Effect,
  ended,
  endedAll,
  type Fresh,
  reactivated,
  refreshed,
  registered,
  signedIn,
  withRoles,
} from './account.ts'
import { buryEnded, type Held, type Person } from './crowd.ts'

export const actKinds = [
  'registration',
  'sign-in',
  'refresh',
  'logout',
  'revocation',
  'reuse',
  'revocation of all',
  'role change',
  'deactivation',
  'reactivation',
] as const

export type ActKind = (typeof actKinds)[number]

/** One request that changes one account, and what it leaves behind. */
export interface Act {
  readonly kind: ActKind
  readonly request: readonly [method: string, path: string, options: { token?: string; body?: unknown }]
  readonly acknowledgedBy: number
  /** Absent for a registration: there is nothing before it. */
  readonly effect?: Effect
  /** The session that the act belongs to, if it is about one. */
  readonly session?: string
}

export type Outcome = 'acknowledged' | 'in doubt'

/**
 * Sends the act. Once it is acknowledged the person's account is what the act leaves; without an answer, or with 503,
 * the act stays in `person.doubt`. Throws on any other answer.
 */
export async function perform(url: string, person: Person, act: Act): Promise<Outcome> {
  person.doubt = act
  person.touched = true
  const sentAtMs = performance.now()
  let answer: ApiAnswer
  try {
    answer = await call(url, ...act.request)
  } catch {
    return 'in doubt'
  }
  if (answer.status === 503) return 'in doubt'
  if (answer.status !== act.acknowledgedBy) {
    const body = JSON.stringify(answer.body)
    throw new Error(`${act.kind} of ${person.email} was answered with ${answer.status}: ${body}`)
  }
  acknowledge(person, act, answer, sentAtMs)
  return 'acknowledged'
}

function acknowledge(person: Person, act: Act, { body }: ApiAnswer, sentAtMs: number): void {
  const fresh = freshOf(body)
  settle(person, act, fresh, body.user?.id)
  if (fresh.session === '') return
  const before = person.held.get(fresh.session)
  person.held.set(fresh.session, {
    access: body.access,
    accessSinceMs: sentAtMs,
    refresh: body.refresh,
    consumed: before === undefined ? [] : [...before.consumed, { token: before.refresh, sentAtMs }].slice(-3),
  })
}

/** The act is done: the account is what it leaves. */
export function settle(person: Person, act: Act, fresh: Fresh, id = 0): void {
  person.account = act.effect === undefined ? registered(id, fresh) : act.effect(person.account!, fresh)
  person.doubt = undefined
  buryEnded(person)
}

/** Empty when the answer holds no tokens. */
const freshOf = (body: { access?: string; refresh?: string }): Fresh => ({
  session: body.access === undefined ? '' : String(claimsOf(body.access).sid),
  token: body.refresh === undefined ? '' : String(claimsOf(body.refresh).jti),
})

export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

export const registration = ({ email }: Person): Act => ({
  kind: 'registration',
  request: ['POST', '/register/', { body: { email, password, password2: password } }],
  acknowledgedBy: 201,
})

export const signIn = ({ email }: Person): Act => ({
  kind: 'sign-in',
  request: ['POST', '/login/', { body: { email, password } }],
  acknowledgedBy: 200,
  effect: signedIn,
})

export const refresh = (session: string, held: Held): Act => ({
  kind: 'refresh',
  request: ['POST', '/token/refresh/', { body: { refresh: held.refresh } }],
  acknowledgedBy: 200,
  effect: refreshed(session),
  session,
})

export const logout = (session: string, held: Held): Act => ({
  kind: 'logout',
  request: ['POST', '/logout/', { token: held.access }],
  acknowledgedBy: 204,
  effect: ended(session, 'logout', 'session.logout'),
  session,
})

export const revocation = (session: string, held: Held): Act => ({
  kind: 'revocation',
  request: ['POST', '/token/revoke/', { body: { refresh: held.refresh } }],
  acknowledgedBy: 204,
  effect: ended(session, 'revoked', 'token.revoke'),
  session,
})

/** A token whose next one was used: the rejection comes once the session is over. */
export const reuse = (session: string, consumed: string): Act => ({
  kind: 'reuse',
  request: ['POST', '/token/refresh/', { body: { refresh: consumed } }],
  acknowledgedBy: 401,
  effect: ended(session, 'refresh_reuse', 'token.reuse'),
  session,
})

export const revocationOfAll = (held: Held): Act => ({
  kind: 'revocation of all',
  request: ['POST', '/token/revoke_all/', { token: held.access }],
  acknowledgedBy: 200,
  effect: endedAll('revoked_all'),
})

export const roleChange = (token: string, { account }: Person, roles: readonly string[]): Act => ({
  kind: 'role change',
  request: ['PATCH', `/users/${account!.id}/`, { token, body: { roles } }],
  acknowledgedBy: 200,
  effect: withRoles(roles),
})

export const deactivation = (token: string, { account }: Person): Act => ({
  kind: 'deactivation',
  request: ['PATCH', `/users/${account!.id}/`, { token, body: { is_active: false } }],
  acknowledgedBy: 200,
  effect: deactivated,
})

export const reactivation = (token: string, { account }: Person): Act => ({
  kind: 'reactivation',
  request: ['PATCH', `/users/${account!.id}/`, { token, body: { is_active: true } }],
  acknowledgedBy: 200,
  effect: reactivated,
})
