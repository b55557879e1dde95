import { sql } from 'kysely'
import type { GrantsStore } from '../access/index.ts'
import type { ClientInfo, EpochMs, Transact } from '../kernel/index.ts'
import {
  columnsOf,
  type EndingStores,
  endSessionByUuid,
  type Session,
  toAuthentication,
  usableAt,
  useAt,
} from '../sessions/index.ts'
import { type Database, type Handle, preparedQuery } from '../store/index.ts'
import { decideRotation } from './decide-rotation.ts'
import type { TokenGrants } from './issue-tokens.ts'
import type { RefreshClaims } from './read-refresh-token.ts'
import type { NextToken, RefreshTokenStore } from './refresh-token-store.sql.ts'

/** A genuine token that is presented, and the next one, which is made for the case that it is given. */
export interface Rotation {
  readonly claims: RefreshClaims
  readonly next: NextToken
  /** Reads a next token that is stored already. Undefined when it is not the one of the token that is presented. */
  decryptNext(encrypted: string): string | undefined
  readonly origin: ClientInfo
  readonly nowMs: EpochMs
}

interface Continued {
  /** The session, which goes on. */
  readonly session: Pick<Session, 'expiresAtMs' | 'authTimeMs' | 'acr' | 'amr'>
  readonly grants: TokenGrants
}

type RotationOutcome =
  | ({ readonly decision: 'rotated' } & Continued)
  | ({ readonly decision: 'repeated'; readonly nextToken: string } & Continued)
  | { readonly decision: 'reused' | 'invalid' }

interface Stores extends EndingStores {
  readonly refreshTokens: RefreshTokenStore
  readonly userGrants: GrantsStore
}

export type RotationStore = ReturnType<typeof sqlRotationStore>

/** The exchange of refresh tokens, committed when it resolves. */
export const sqlRotationStore = (database: Pick<Database, 'statement'>, transaction: Transact<Stores>) => ({
  /**
   * Acts on `decideRotation`: consumes the token, adds the next one and notes the use of the session where it is `rotated`.
   * INVARIANT: of any number of calls with one token, on any nodes, exactly one is `rotated`: a guarded statement says so.
   * A session whose token is `reused` is ended in the same transaction: no crash comes between.
   */
  async rotate(rotation: Rotation): Promise<RotationOutcome> {
    const rotated = await database.statement?.(db => rotateInOneStatement(db, rotation))
    return rotated ?? (await transaction(stores => rotateInTransaction(stores, rotation)))
  },
})

async function rotateInTransaction(stores: Stores, rotation: Rotation): Promise<RotationOutcome> {
  const { sessions, refreshTokens, userGrants } = stores
  const { claims, origin, nowMs } = rotation
  // Locks the session's row: uses of tokens of one session come one after another.
  const touched = await sessions.touch(claims.sessionId, nowMs)
  const session = touched?.userId === claims.userId ? touched : undefined
  const token = session && (await refreshTokens.find(claims.jti, session.id))
  const decision = decideRotation(token, session, { nowMs, retryKeyHash: rotation.next.retryKeyHash })
  if (decision === 'rotated') return await exchange(stores, session!, rotation)
  if (decision === 'invalid') return { decision }
  if (decision === 'repeated') {
    const nextToken = rotation.decryptNext(token!.consumed!.nextEncrypted)
    if (nextToken !== undefined)
      return { decision, nextToken, session: session!, grants: await userGrants.get(session!.userId) }
  }
  // Returned, not thrown: a rejection would roll back the end of the session.
  await endSessionByUuid(stores, claims.sessionId, 'refresh_reuse', { actorId: null, origin, nowMs })
  return { decision: 'reused' }
}

async function exchange(
  { refreshTokens, userGrants }: Stores,
  session: Session,
  { claims, next, origin, nowMs }: Rotation,
): Promise<RotationOutcome> {
  if (!(await refreshTokens.consume(claims.jti, session.id, next, nowMs))) {
    throw new Error('A refresh token was consumed by another transaction under the lock of its session.')
  }
  // Neither waits for the other: on PostgreSQL they travel together.
  const [grants] = await Promise.all([
    userGrants.get(session.userId),
    refreshTokens.add({ jti: next.jti, session, issuedAtMs: nowMs, origin }),
  ])
  return { decision: 'rotated', session, grants }
}

/**
 * The decision `rotated` as one statement, which nearly every rotation is: one message to PostgreSQL and one back, instead
 * of one for each step. Undefined says that it is not that one; nothing was written then, or the session's `last_used_at`
 * alone. The tests beside this file hold it to the same contract as the transaction.
 */
export async function rotateInOneStatement(
  db: Handle,
  { claims, next, origin, nowMs }: Omit<Rotation, 'decryptNext'>,
): Promise<RotationOutcome | undefined> {
  const { jti, sessionId, userId } = claims
  const [row] = await rotateFirstUse(db, {
    ...{
      jti,
      sessionId,
      userId,
      nextJti: next.jti,
      nextEncrypted: next.encrypted,
      retryKeyHash: next.retryKeyHash,
    },
    ...origin,
    nowMs,
  })
  if (row === undefined) return undefined
  const { expires_at: expiresAtMs, is_superuser: isSuperuser, roles, role_ids } = row
  // An array of `bigint` comes as texts: the driver parses single values only.
  const grants = { isSuperuser, roles, roleIds: role_ids.map(Number) }
  return { decision: 'rotated', session: { expiresAtMs, ...toAuthentication(row) }, grants }
}

type FirstUse = {
  readonly ipAddress: string
  readonly userAgent: string
  readonly jti: string
  readonly sessionId: string
  readonly userId: number
  readonly nextJti: string
  readonly nextEncrypted: string
  readonly retryKeyHash: string | null
  readonly nowMs: EpochMs
}

interface Row {
  readonly expires_at: EpochMs
  readonly created_at: EpochMs
  readonly auth_time: EpochMs | null
  readonly acr: string | null
  readonly amr: string | null
  readonly is_superuser: boolean
  readonly roles: readonly string[]
  readonly role_ids: readonly number[]
}

/**
 * For PostgreSQL alone: a statement may write to several tables there. All of it sees one snapshot. A row that another
 * transaction has changed since is evaluated again once that transaction is over, so each condition holds for the row
 * as it is:
 *
 * `used` locks the session's row first, as every transaction that ends sessions does, to avoid a deadlock. `consumed` is
 * the guarded statement that decides which use was first, with the conditions of `RefreshTokenStore.consume`; what
 * follows rests on its row.
 */
const rotateFirstUse = preparedQuery((db, use: FirstUse) => {
  const isUnused = sql`t.jti = ${use.jti} and t.spent_at is null and not t.is_revoked and t.expires_at > ${use.nowMs}`
  return {
    compile: () =>
      sql<Row>`with used as (
          update sessions as s
          set ${useAt(use.nowMs, columnsOf('s'))}
          from refresh_tokens as t
          where s.uuid = ${use.sessionId} and s.user_id = ${use.userId} and ${usableAt(use.nowMs, columnsOf('s'))}
            and t.session_id = s.id and ${isUnused}
          returning s.id, s.user_id, s.expires_at, coalesce(s.ends_at, s.expires_at) as ends_at, s.created_at, s.auth_time, s.acr, s.amr
        ), consumed as (
          update refresh_tokens as t
          set spent_at = ${use.nowMs}, last_used_at = ${use.nowMs},
            successor_jti = ${use.nextJti}, successor_sealed = ${use.nextEncrypted}, retry_key_hash = ${use.retryKeyHash}
          from used
          where t.session_id = used.id and ${isUnused}
          returning t.successor_jti, t.spent_at, used.id, used.user_id, used.ends_at
        ), added as (
          insert into refresh_tokens
            (jti, session_id, user_id, issued_at, expires_at, is_revoked, ip_address, user_agent)
          select successor_jti, id, user_id, spent_at, ends_at, false, ${use.ipAddress}, ${use.userAgent} from consumed
          returning user_id
        )
        select used.expires_at, used.created_at, used.auth_time, used.acr, used.amr, u.is_superuser, array(
          select r.code_name from user_roles ur join roles r on r.id = ur.role_id
          where ur.user_id = u.id order by r.code_name
        ) as roles, array(
          select r.id from user_roles ur join roles r on r.id = ur.role_id
          where ur.user_id = u.id order by r.code_name
        ) as role_ids
        from added join used on used.user_id = added.user_id join users u on u.id = added.user_id`.compile(
        db,
      ),
  }
})
