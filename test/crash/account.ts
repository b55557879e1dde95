/**
 * What must be stored of one account. The picture that follows from the acknowledged acts and the one that is read
 * back from the database are compared as values: a half-made act fits neither what was before nor what comes after.
 */
export interface Account {
  readonly id: number
  readonly isActive: boolean
  /** Code names, sorted. */
  readonly roles: readonly string[]
  /** By their uuid. */
  readonly sessions: Readonly<Record<string, SessionPicture>>
  /** Every audit event about the account or one of its sessions, `action target`, sorted. */
  readonly events: readonly string[]
}

export interface SessionPicture {
  readonly endReason: string | null
  /** How many refresh tokens it has had. */
  readonly tokens: number
  /** The `jti` of the one that is not spent. */
  readonly newest: string
}

/** What an act makes anew and nobody can foretell: known from its answer or, when that was lost, from the database. */
export interface Fresh {
  readonly session: string
  readonly token: string
}

/** What an act leaves behind once it is done, all of it or nothing. */
export type Effect = (before: Account, fresh: Fresh) => Account

const bare = (id: number): Account => ({ id, isActive: true, roles: [], sessions: {}, events: [] })

const withEvents = (account: Account, ...events: string[]): Account => ({
  ...account,
  events: [...account.events, ...events].sort(),
})

const withSession = (account: Account, uuid: string, session: SessionPicture): Account => ({
  ...account,
  sessions: { ...account.sessions, [uuid]: session },
})

const begun = (account: Account, { session, token }: Fresh): Account =>
  withSession(account, session, { endReason: null, tokens: 1, newest: token })

export const registered = (id: number, fresh: Fresh): Account =>
  withEvents(begun(bare(id), fresh), `user.register users/${id}`)

export const signedIn: Effect = (before, fresh) =>
  withEvents(begun(before, fresh), `user.login users/${before.id}`)

export const refreshed =
  (uuid: string): Effect =>
  (before, { token }) => {
    const session = before.sessions[uuid]!
    return withSession(before, uuid, { ...session, tokens: session.tokens + 1, newest: token })
  }

export const ended =
  (uuid: string, endReason: string, event: string): Effect =>
  before =>
    withEvents(
      withSession(before, uuid, { ...before.sessions[uuid]!, endReason }),
      `${event} sessions/${uuid}`,
    )

export const endedAll =
  (reason: string): Effect =>
  before => {
    const sessions = Object.entries(before.sessions).map(([uuid, session]) => [
      uuid,
      { ...session, endReason: session.endReason ?? reason },
    ])
    return withEvents(
      { ...before, sessions: Object.fromEntries(sessions) },
      `session.end_all users/${before.id}`,
    )
  }

export const withRoles =
  (roles: readonly string[]): Effect =>
  before =>
    withEvents({ ...before, roles }, `user.update users/${before.id}`)

export const deactivated: Effect = (before, fresh) =>
  withEvents(
    { ...endedAll('deactivated')(before, fresh), isActive: false },
    `user.deactivate users/${before.id}`,
  )

export const reactivated: Effect = before =>
  withEvents({ ...before, isActive: true }, `user.reactivate users/${before.id}`)
