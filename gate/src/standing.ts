/** What a subject has, whatever the source: a token, the ledger or a database row. */
export interface Standing {
  /** Code names of roles. Frozen lists are recognised again without being read. */
  readonly roles: readonly string[]
  /** The same roles by their ids, where they are known: to be given to `standingOf` when it is asked again later. */
  readonly roleIds?: readonly number[]
  readonly isSuperuser: boolean
}
