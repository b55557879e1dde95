import type { ClientInfo, EpochMs, RefreshTokenId, SessionId, SessionRowId, UserId } from '../kernel/index.ts'
import { columnsOf, type Session, usableAt } from '../sessions/index.ts'
import { type Handle, preparedQuery, sweepExpired } from '../store/index.ts'
import type { StoredRefreshToken } from './decide-rotation.ts'

/** A token that a session is given, and when. */
interface NewRefreshToken {
  readonly jti: RefreshTokenId
  readonly session: Pick<Session, 'id' | 'userId' | 'endsAtMs'>
  readonly issuedAtMs: EpochMs
  readonly origin: ClientInfo
}

/** The token that takes the place of a consumed one; the database holds it encrypted (ADR 4). */
export interface NextToken {
  readonly jti: RefreshTokenId
  readonly encrypted: string
  /** The SHA-256 of the key of the request that it is given to, kept with the consumed one (ADR 41). */
  readonly retryKeyHash: string | null
}

export type RefreshTokenStore = ReturnType<typeof sqlRefreshTokenStore>

export const sqlRefreshTokenStore = (db: Handle) => ({
  /** Lives as long as its session can. */
  async add({ jti, session, issuedAtMs, origin }: NewRefreshToken): Promise<void> {
    const { id: sessionRowId, userId, endsAtMs: expiresAtMs } = session
    await addToken(db, { jti, sessionRowId, userId, issuedAtMs, expiresAtMs, ...origin })
  },

  /** Undefined when this session has no such token. */
  async find(jti: RefreshTokenId, sessionRowId: SessionRowId): Promise<StoredRefreshToken | undefined> {
    const [row] = await findToken(db, { jti, sessionRowId })
    return (
      row && {
        isRevoked: Boolean(row.is_revoked),
        expiresAtMs: row.expires_at,
        consumed:
          row.spent_at === null
            ? null
            : {
                atMs: row.spent_at,
                nextEncrypted: row.successor_sealed!,
                retryKeyHash: row.retry_key_hash,
                isNextUnused:
                  row.is_next_revoked !== null && !row.is_next_revoked && row.next_spent_at === null,
              },
      }
    )
  },

  /**
   * The one use of a token, as one guarded statement: of any number of callers exactly one gets true.
   * False when it is unknown, consumed, revoked, expired, or of another session.
   */
  async consume(
    jti: RefreshTokenId,
    sessionRowId: SessionRowId,
    next: NextToken,
    nowMs: EpochMs,
  ): Promise<boolean> {
    const rows = await consumeToken(db, {
      jti,
      sessionRowId,
      nextJti: next.jti,
      nextEncrypted: next.encrypted,
      retryKeyHash: next.retryKeyHash,
      nowMs,
    })
    return rows.length > 0
  },

  /** Ends what the session could be continued by so far: its caller adds another token. */
  async revokeUnused(sessionRowId: SessionRowId, nowMs: EpochMs): Promise<void> {
    await db
      .updateTable('refresh_tokens')
      .set({ is_revoked: true, revoked_at: nowMs })
      .where('session_id', '=', sessionRowId)
      .where('spent_at', 'is', null)
      .where('is_revoked', '=', false)
      .execute()
  },

  /** Whether the token of this living session could be consumed now: what one used as a bearer token must be. */
  async isUsable(jti: RefreshTokenId, sessionId: SessionId, nowMs: EpochMs): Promise<boolean> {
    const row = await db
      .selectFrom('refresh_tokens as t')
      .innerJoin('sessions as s', 's.id', 't.session_id')
      .select('t.jti')
      .where('t.jti', '=', jti)
      .where('s.uuid', '=', sessionId)
      .where(usableAt(nowMs, columnsOf('s')))
      .where('t.spent_at', 'is', null)
      .where('t.is_revoked', '=', false)
      .where('t.expires_at', '>', nowMs)
      .executeTakeFirst()
    return row !== undefined
  },

  /** Removes tokens that expired before this instant, a bounded number at a time; gives their number. */
  deleteExpired: (beforeMs: EpochMs): Promise<number> => sweepExpired(db, 'refresh_tokens', beforeMs),
})

type AddedToken = {
  readonly ipAddress: string
  readonly userAgent: string
  readonly jti: RefreshTokenId
  readonly sessionRowId: SessionRowId
  readonly userId: UserId
  readonly issuedAtMs: EpochMs
  readonly expiresAtMs: EpochMs
}

const addToken = preparedQuery((db, token: AddedToken) =>
  db.insertInto('refresh_tokens').values({
    jti: token.jti,
    session_id: token.sessionRowId,
    user_id: token.userId,
    issued_at: token.issuedAtMs,
    expires_at: token.expiresAtMs,
    is_revoked: false,
    revoked_at: null,
    ip_address: token.ipAddress,
    user_agent: token.userAgent,
    last_used_at: null,
    spent_at: null,
    successor_jti: null,
    successor_sealed: null,
  }),
)

const findToken = preparedQuery(
  (db, { jti, sessionRowId }: { jti: RefreshTokenId; sessionRowId: SessionRowId }) =>
    db
      .selectFrom('refresh_tokens as t')
      .leftJoin('refresh_tokens as n', 'n.jti', 't.successor_jti')
      .select(['t.is_revoked', 't.expires_at', 't.spent_at', 't.successor_sealed', 't.retry_key_hash'])
      .select(['n.spent_at as next_spent_at', 'n.is_revoked as is_next_revoked'])
      .where('t.jti', '=', jti)
      .where('t.session_id', '=', sessionRowId),
)

type ConsumedToken = {
  readonly jti: RefreshTokenId
  readonly sessionRowId: SessionRowId
  readonly nextJti: RefreshTokenId
  readonly nextEncrypted: string
  readonly retryKeyHash: string | null
  readonly nowMs: EpochMs
}

/** The one guarded statement that decides who won: everything that must hold stands in its condition. */
const consumeToken = preparedQuery(
  (db, { jti, sessionRowId, nextJti, nextEncrypted, retryKeyHash, nowMs }: ConsumedToken) =>
    db
      .updateTable('refresh_tokens')
      .set({
        spent_at: nowMs,
        last_used_at: nowMs,
        successor_jti: nextJti,
        successor_sealed: nextEncrypted,
        retry_key_hash: retryKeyHash,
      })
      .where('jti', '=', jti)
      .where('session_id', '=', sessionRowId)
      .where('spent_at', 'is', null)
      .where('is_revoked', '=', false)
      .where('refresh_tokens.expires_at', '>', nowMs)
      .returning('jti'),
)
