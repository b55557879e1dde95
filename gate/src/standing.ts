/** What a subject has, whatever the source: a token, the ledger or a database row. */
export interface Standing {
  /** Code names of roles. Frozen lists are recognised again without being read. */
  readonly roles: readonly string[]
  readonly isSuperuser: boolean
}
