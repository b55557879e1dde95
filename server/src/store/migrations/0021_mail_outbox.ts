import { sql } from 'kysely'
import { nameKeyOf } from '../../kernel/index.ts'
import { columnTypes } from './column-types.ts'
import { addBuiltInResource, type Migration } from './migration.ts'

/**
 * Mails that are to be sent, in the transaction of their cause (ADR 44). A row holds no text, no link and no code. The
 * lease says which node sends.
 */
export const mailOutbox: Migration = {
  name: '0021_mail_outbox',
  expands: true,
  async up(trx, engine) {
    const { id, int, text, table } = columnTypes[engine]
    const statements = [
      `create table mail_outbox (
  id ${id},
  kind ${text} not null check (length(kind) between 1 and 50),
  locale ${text} check (locale in ('en', 'ru')),
  to_email ${text} not null check (length(to_email) between 3 and 254),
  user_id ${int} constraint mail_outbox__user_id__fkey references users (id) on delete set null,
  proof_id ${int},
  details ${text} not null check (length(details) <= 4000),
  created_at ${int} not null,
  attempts ${int} not null check (attempts >= 0),
  next_attempt_at ${int} not null,
  state ${text} not null check (state in ('pending', 'sent', 'failed', 'dropped')),
  finished_at ${int},
  last_error ${text} check (length(last_error) <= 200),
  check ((state = 'pending') = (finished_at is null))
) ${table}`,
      "create index mail_outbox__due__index on mail_outbox (next_attempt_at, id) where state = 'pending'",
      'create index mail_outbox__state__index on mail_outbox (state, id)',
      'create index mail_outbox__finished_at__index on mail_outbox (finished_at)',
      'create index mail_outbox__user_id__index on mail_outbox (user_id)',
    ]
    for (const statement of statements) await sql.raw(statement).execute(trx)
    await trx.insertInto('leases').values({ name: 'mail', holder: null, expires_at: 0 }).execute()
    await addBuiltInResource(trx, { codeName: 'mail', name: 'Mail' }, nameKeyOf)
  },
}
