import type { Generated } from 'kysely'

/** A second factor of an account (ADR 46). One that is not confirmed is no factor yet. */
export interface FactorsTable {
  id: Generated<number>
  user_id: number
  kind: 'totp' | 'passkey'
  name: string
  created_at: number
  confirmed_at: number | null
  last_used_at: number | null
  /** Of a TOTP: its secret, sealed with a key of the master key, and the newest time step of which a code was used. */
  encrypted_secret: string | null
  last_step: number | null
  /** Of a passkey: what its authenticator said when it was made. */
  credential_id: string | null
  public_key: string | null
  sign_count: number | null
  /** Separated by spaces. */
  transports: string | null
}

export interface RecoveryCodesTable {
  id: Generated<number>
  user_id: number
  /** A few bits of a keyed hash: which row a code that is presented is compared with. */
  selector: string
  /** A PHC string. */
  code_hash: string
  created_at: number
  used_at: number | null
}

/** A sign-in whose password was right and whose second factor is still to come. */
export interface SignInTicketsTable {
  id: string
  /** SHA-256 in hexadecimal digits. */
  secret_hash: string
  user_id: number
  /** Names the password that was verified: another one makes the ticket useless. */
  password_fingerprint: string
  /** What the first step showed; null where it was the password. */
  first_step: 'code' | null
  created_at: number
  expires_at: number
  attempts: number
  consumed_at: number | null
}

/** Challenges of passkeys that were answered. One that was not needs no row. */
export interface UsedChallengesTable {
  /** SHA-256 in hexadecimal digits. */
  challenge: string
  expires_at: number
}

/** A browser that is not asked for the second factor (ADR 50). */
export interface RememberedDevicesTable {
  id: Generated<number>
  user_id: number
  /** SHA-256 in hexadecimal digits. */
  secret_hash: string
  /** Names the password and the factors that it was remembered for: others end it. */
  basis: string
  created_at: number
  expires_at: number
  last_used_at: number | null
  ip_address: string | null
  user_agent: string | null
}
