import type { Generated } from 'kysely'
import type { Flag } from './flag.ts'

interface NamedTable {
  id: Generated<number>
  name: string
  code_name: string
  description: string | null
  /** Name and code name in lower case. */
  search_text: string
  /** What the name is ordered by (`nameKeyOf`), with the name; null where an older release wrote it. */
  name_key: Generated<string | null>
}

/** `requires_aal` is null where a role asks for no level of the session (ADR 49). */
export interface RolesTable extends NamedTable {
  requires_aal: Generated<'aal2' | null>
}

export interface BuiltInNamedTable extends NamedTable {
  is_builtin: Flag
}

export interface PermissionsTable {
  id: Generated<number>
  resource_id: number
  action_id: number
}

/** Who may pass a proxy that asks (ADR 42). Host and path may be patterns: `*.example.org`, `/reports/*`. */
export interface ForwardRulesTable {
  id: Generated<number>
  host: string
  path: string
  /** Sorted, between commas; empty is every method. */
  methods: string
  access: 'public' | 'signed_in' | 'permission'
  /** Null where `access` needs none, and where the permission was deleted. */
  permission_id: number | null
  search_text: string
  created_at: number
  /** What the caller's authentication must be (ADR 49); null asks for none. */
  acr: Generated<'aal2' | null>
  max_age_seconds: Generated<number | null>
}

export interface ApiKeysTable {
  id: Generated<number>
  owner_id: number
  /** `propusk_` and the part of the key that finds it. */
  prefix: string
  /** SHA-256 of the whole key, in hexadecimal digits. */
  secret_hash: string
  /** A secret that was rotated away, and the instant up to which it still works. */
  previous_hash: string | null
  previous_until: number | null
  name: string
  /** Name and prefix in lower case. */
  search_text: string
  created_at: number
  expires_at: number | null
  last_used_at: number | null
}
