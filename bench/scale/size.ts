/** The size of an installation that is generated and measured. */
export interface Size {
  readonly users: number
  readonly roles: number
  readonly resources: number
  readonly sessions: number
  readonly auditEvents: number
}

/** What belongs to so many users: a session for each, ten events of audit, and the same roles in every house. */
export const sizeFor = (users: number, auditEvents: number = users * 10): Size => ({
  users,
  roles: 1_000,
  resources: 200,
  sessions: users,
  auditEvents,
})
