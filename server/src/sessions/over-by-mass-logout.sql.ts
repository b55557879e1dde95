import { type RawBuilder, sql } from 'kysely'

/** Whether a logout of all users came since a session began, in SQL; `session` names its table in the statement. */
export const overByMassLogout = (session: string): RawBuilder<boolean> =>
  sql<boolean>`exists (
    select 1 from mass_logouts as m
    where m.before_at >= ${sql.ref(`${session}.created_at`)} and m.except_uuid <> ${sql.ref(`${session}.uuid`)}
  )`
