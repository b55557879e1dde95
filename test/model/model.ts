import type { Clock } from '../../server/src/kernel/index.ts'

/** What the contract says about accounts, sessions, refresh tokens and roles, small enough to be believed. */
export interface Model {
  readonly clock: Clock
  /** Makes addresses and code names this run's own. */
  readonly prefix: string
  readonly accounts: Account[]
  readonly sessions: Session[]
  /** Deleted ones too. */
  readonly roles: Role[]
}

export interface Role {
  readonly id: number
  codeName: string
  permissions: readonly string[]
  isDeleted: boolean
}

export interface Account {
  readonly id: number
  readonly email: string
  password: string
  isActive: boolean
  roles: readonly Role[]
}

export interface Session {
  readonly id: number
  readonly uuid: string
  readonly account: Account
  readonly expiresAtMs: number
  isEnded: boolean
  readonly accessTokens: Token[]
  /** One line: each is the next of the one before. */
  readonly refreshTokens: RefreshToken[]
}

export interface Token {
  readonly text: string
  readonly expiresAtMs: number
}

export interface RefreshToken extends Token {
  consumedAtMs?: number
  /** The Idempotency-Key that came with its first use. */
  keyOfUse?: string | undefined
}

/** Who asks: the superuser stands outside the model, and may do everything. */
export type Actor = Account | 'superuser'

export const createModel = (clock: Clock, prefix: string): Model => ({
  clock,
  prefix,
  accounts: [],
  sessions: [],
  roles: [],
})

const reuseIntervalMs = 10_000

export const isLive = ({ clock }: Model, session: Session): boolean =>
  !session.isEnded && clock.nowMs() < session.expiresAtMs

/** Whether an access token of the session opens anything. */
export const works = (model: Model, session: Session, token: Token): boolean =>
  isLive(model, session) && model.clock.nowMs() < token.expiresAtMs

export const liveSessionsOf = (model: Model, account: Account): readonly Session[] =>
  model.sessions.filter(session => session.account === account && isLive(model, session))

/** What comes of presenting a refresh token: see section 4 of the contract. */
export function expectedRefresh(
  model: Model,
  session: Session,
  token: RefreshToken,
  key: string | undefined,
): 'rotated' | 'repeated' | 'reused' | 'refused' {
  const nowMs = model.clock.nowMs()
  if (!isLive(model, session) || nowMs >= token.expiresAtMs) return 'refused'
  if (token.consumedAtMs === undefined) return 'rotated'
  const isNextUsed = nextOf(session, token)?.consumedAtMs !== undefined
  const isSameRequest = key !== undefined && key === token.keyOfUse
  const mayRepeat = isSameRequest || nowMs - token.consumedAtMs <= reuseIntervalMs
  return mayRepeat && !isNextUsed ? 'repeated' : 'reused'
}

export const nextOf = (session: Session, token: RefreshToken): RefreshToken | undefined =>
  session.refreshTokens[session.refreshTokens.indexOf(token) + 1]

/** Ends every live session of the account but `kept`, and says how many those were. */
export function endSessions(model: Model, account: Account, kept?: Session): number {
  const ended = liveSessionsOf(model, account).filter(session => session !== kept)
  for (const session of ended) session.isEnded = true
  return ended.length
}

export const permissionsOf = ({ roles }: Account): readonly string[] =>
  [...new Set(roles.flatMap(role => role.permissions))].sort()

export const roleNamesOf = ({ roles }: Account): readonly string[] => roles.map(role => role.codeName).sort()

/** `resource:all` covers every action of its resource, and is covered by nothing else. */
export function holds(actor: Actor, permission: string): boolean {
  if (actor === 'superuser') return true
  const held = permissionsOf(actor)
  return held.includes(permission) || held.includes(`${permission.split(':')[0]}:all`)
}

export const holdsAll = (actor: Actor, permissions: readonly string[]): boolean =>
  permissions.every(permission => holds(actor, permission))

/** Nobody touches an account that holds a permission they lack; oneself is no such account. */
export const mayTouch = (actor: Actor, target: Account): boolean =>
  actor === target || holdsAll(actor, permissionsOf(target))

export const roleNamed = ({ roles }: Model, codeName: string): Role | undefined =>
  roles.find(role => !role.isDeleted && role.codeName === codeName)

/** Items that only one of two lists has. */
export const movedBetween = <T>(before: readonly T[], after: readonly T[]): readonly T[] => [
  ...new Set(before).symmetricDifference(new Set(after)),
]
