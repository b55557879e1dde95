import type { Generated } from 'kysely'
import type {
  ApiKeysTable,
  BuiltInNamedTable,
  ForwardRulesTable,
  PermissionsTable,
  RolesTable,
} from './access-tables.ts'
import type {
  AuditAnchorTable,
  AuditCutsTable,
  AuditEventsTable,
  AuditHoursTable,
  AuditSealsTable,
  AuditTalliesTable,
} from './audit-tables.ts'
import type {
  FactorsTable,
  RecoveryCodesTable,
  RememberedDevicesTable,
  SignInTicketsTable,
  UsedChallengesTable,
} from './factor-tables.ts'
import type { Flag } from './flag.ts'
import type { InvitationRolesTable, InvitationsTable } from './invitation-tables.ts'
import type { MailOutboxTable } from './mail-tables.ts'

export interface UsersTable {
  id: Generated<number>
  /** Canonical: trimmed, lower case, ASCII. */
  email: string
  /** A PHC string, or a Django hash that the next login replaces. */
  password: string
  first_name: string | null
  last_name: string | null
  middle_name: string | null
  note: Generated<string | null>
  is_active: Flag
  is_staff: Flag
  is_superuser: Flag
  date_joined: number
  last_login: number | null
  updated_at: number
  /** Sessions that began at or before this instant are over. Moves forward only. */
  force_logout_at: number | null
  /** Email and names in lower case: what a search looks into, the same on both engines. */
  search_text: string
  /** What each name is ordered by (`nameKeyOf`), with the name; null where there is none, or an older release wrote it. */
  first_name_key: Generated<string | null>
  last_name_key: Generated<string | null>
  middle_name_key: Generated<string | null>
  /** Whether its owner has shown that mail to the address reaches them. */
  email_verified: Generated<Flag>
}

export interface SessionsTable {
  id: Generated<number>
  uuid: string
  user_id: number
  ip_address: string
  user_agent: string
  created_at: number
  last_used_at: number
  expires_at: number
  is_active: Flag
  ended_at: number | null
  end_reason: string | null
  /** Null where the session has its whole life, which `expires_at` says then; else `ends_at` does. */
  idle_ms: Generated<number | null>
  ends_at: Generated<number | null>
  /** How its owner was authenticated, and when (ADR 47); null where a release before it wrote the row: by a password, when it began. */
  auth_time: Generated<number | null>
  acr: Generated<string | null>
  /** Separated by spaces. */
  amr: Generated<string | null>
}

interface RefreshTokensTable {
  jti: string
  session_id: number
  user_id: number
  issued_at: number
  expires_at: number
  is_revoked: Flag
  revoked_at: number | null
  ip_address: string | null
  user_agent: string
  last_used_at: number | null
  /** Set once, by the one use that a token has. */
  spent_at: number | null
  /** The token that the use gave, encrypted with a key that only a holder of the consumed one can derive (ADR 4). */
  successor_jti: string | null
  successor_sealed: string | null
  /** The SHA-256 of the key that came with the use, by which the same request is known again (ADR 41). */
  retry_key_hash: Generated<string | null>
}

interface ChangesTable {
  id: Generated<number>
  kind: string
  session_uuid: string | null
  user_id: number | null
  /** JSON: what changed. */
  details: string
  created_at: number
  expires_at: number
  /**
   * The transaction that wrote the row, as the database itself numbers them: PostgreSQL fills it in for every writer.
   * Null on SQLite, where the id says as much, and in rows that are older than the column.
   */
  xact: Generated<number | null>
}

/** PostgreSQL's alone, and not logged: whenever the server recovers, after a crash or as a promoted standby, it is empty. */
interface LedgerEpochTable {
  id: number
  epoch: string
}

/** How long the access tokens live that were signed until then. */
interface TokenLivesTable {
  life_ms: number
  signed_until: number
}

export interface ThrottleCountersTable {
  id: Generated<number>
  kind: string
  subject: string
  failures: number
  counted_at: number
  /** Until then every attempt that this row counts is refused. */
  blocked_until: number | null
  /** Whether the newest attempt came during a wait. */
  is_refused: Flag
}

/** The logouts of all users: sessions that began at or before `before_at` are over, except one. */
export interface MassLogoutsTable {
  id: Generated<number>
  before_at: number
  except_uuid: string
  created_at: number
  finished_at: number | null
}

/** The heartbeat of each running server, every minute. */
export interface NodesTable {
  id: string
  started_at: number
  seen_at: number
  version: string
  /** The name of the machine, for people. */
  host: string | null
}

interface LeasesTable {
  name: string
  holder: string | null
  expires_at: number
}

/** The links by which the first superuser is made, each by the hash of its token. */
interface SetupLinksTable {
  /** SHA-256 in hexadecimal digits. */
  token_hash: string
  /** The server that printed it: host name and port. */
  printed_by: string
  expires_at: number
}

export interface SigningKeysTable {
  kid: string
  algorithm: string
  /** JSON: the public JWK. */
  public_jwk: string
  /** The private part, sealed with the master key. */
  private_sealed: string
  created_at: number
  /** Since when it signs nothing any more. It stays published until the last token it signed has expired. */
  retired_at: number | null
  /** 1, 2, 3 …, in the order of their making. Null, as all below, of a key that release 0.1.0 made. */
  sequence: number | null
  state: 'next' | 'signing' | 'retired' | null
  /** Of a key that does not sign yet: when it is to. */
  signs_at: number | null
  /** Of a retired key: when it leaves the key set. Only ever moved further away. */
  published_until: number | null
}

/** Proofs of an address by mail (ADR 45). The link and the code are derived from the row, and stored nowhere. */
export interface ProofsTable {
  id: Generated<number>
  kind: string
  user_id: number | null
  email: string
  created_at: number
  expires_at: number
  consumed_at: number | null
  wrong_codes: number
  /** JSON, without any secret. */
  details: string
}

/** The data model as Kysely sees it. Times are epoch milliseconds. */
export interface Tables {
  users: UsersTable
  sessions: SessionsTable
  refresh_tokens: RefreshTokensTable
  roles: RolesTable
  resources: BuiltInNamedTable
  actions: BuiltInNamedTable
  permissions: PermissionsTable
  role_permissions: { role_id: number; permission_id: number }
  user_roles: { user_id: number; role_id: number }
  api_keys: ApiKeysTable
  api_key_roles: { api_key_id: number; role_id: number }
  api_key_permissions: { api_key_id: number; permission_id: number }
  forward_rules: ForwardRulesTable
  changes: ChangesTable
  ledger_epoch: LedgerEpochTable
  token_lives: TokenLivesTable
  audit_events: AuditEventsTable
  audit_seals: AuditSealsTable
  audit_anchor: AuditAnchorTable
  audit_cuts: AuditCutsTable
  audit_hours: AuditHoursTable
  audit_tallies: AuditTalliesTable
  throttle_counters: ThrottleCountersTable
  mass_logouts: MassLogoutsTable
  nodes: NodesTable
  leases: LeasesTable
  setup_links: SetupLinksTable
  mail_outbox: MailOutboxTable
  signing_keys: SigningKeysTable
  proofs: ProofsTable
  factors: FactorsTable
  recovery_codes: RecoveryCodesTable
  sign_in_tickets: SignInTicketsTable
  used_challenges: UsedChallengesTable
  remembered_devices: RememberedDevicesTable
  invitations: InvitationsTable
  invitation_roles: InvitationRolesTable
}
