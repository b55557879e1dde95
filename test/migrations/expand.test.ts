import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../../server/src/store/index.ts'
import { migrations } from '../../server/src/store/migrations/index.ts'
import type { Migration } from '../../server/src/store/migrations/migration.ts'
import { migrate } from '../../server/src/store/migrator.ts'
import { checkExpansion, checksOfNewColumns } from '../support/check-expansion.ts'
import { describeSchema } from '../support/describe-schema.ts'
import { freshDatabaseUrl } from '../support/engines.ts'

const opened: Database[] = []
after(async () => {
  for (const database of opened) await database.close()
})

async function emptyDatabase(): Promise<Database> {
  const database = await openDatabase(await freshDatabaseUrl('postgres'))
  opened.push(database)
  return database
}

/** What the last of these migrations does to the schema that the others made. */
async function breachesOf(db: Database, all: readonly Migration[]): Promise<string[]> {
  const host = {
    engine: db.engine,
    read: db.read,
    clock: { nowMs: () => 0 },
    log: () => {},
    locked: <T>(work: Parameters<typeof db.transaction<T>>[0]) => db.transaction(work),
  }
  await migrate(host, all.slice(0, -1))
  const before = await describeSchema(db)
  await migrate(host, all)
  return checkExpansion(before, await describeSchema(db), await checksOfNewColumns(db, before))
}

/** A rule that is exchanged for one that refuses less looks like one that is added; what it says is for the review. */
const looser: Readonly<Record<string, readonly string[]>> = {
  '0022_proofs': [
    "takes away or changes throttle_counters: constraint throttle_counters_kind_check CHECK ((kind = ANY (ARRAY['account'::text, 'device'::text, 'address'::text, 'password'::text, 'registration'::text, 'password_change'::text])))",
  ],
  '0016_audit_cuts': [
    'takes away or changes: CREATE TRIGGER audit_events__no_delete BEFORE DELETE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();',
    'may refuse rows of audit_events: CREATE TRIGGER audit_events__no_delete BEFORE DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_uncut_delete();',
  ],
}

// On PostgreSQL, where nodes of two releases can stand on one database; SQLite is migrated by the same files.
describe('a migration after the first', () => {
  it('takes nothing from the release before when it says that it only expands', async () => {
    const db = await emptyDatabase()
    for (const [index, migration] of migrations.entries()) {
      const breaches = await breachesOf(db, migrations.slice(0, index + 1))
      if (migration.expands) assert.deepEqual(breaches, looser[migration.name] ?? [], migration.name)
    }
  })

  const wrongs: Record<string, string> = {
    'drops a table': 'drop table throttle_counters',
    'drops a column': 'alter table users drop column middle_name',
    'renames a column': 'alter table users rename column last_login to signed_in_at',
    'changes the type of a column': 'alter table roles alter column description type varchar(200)',
    'makes a column mandatory': 'alter table roles alter column description set not null',
    'adds a mandatory column without a default': 'alter table roles add column colour text not null',
    'adds a rule': 'alter table roles add constraint roles__short check (length(name) < 9)',
    'adds a rule for an old column with a new one':
      'alter table roles add column colour text, add constraint roles__colour check (colour is null or colour <> name)',
    'adds a new column with a rule that null breaks':
      'alter table roles add column colour text check (colour is not null)',
    'adds a new column with a rule that its default breaks': `alter table roles add column colour text default 'red' check (colour <> 'red')`,
    'adds a unique index': 'create unique index roles__search on roles (search_text)',
    'drops an index': 'drop index throttle_counters__failures__index',
    'adds a trigger':
      'create trigger no_users before insert on users for each statement execute function refuse_seal_change()',
    'replaces a function': `create or replace function refuse_seal_change() returns trigger language plpgsql as 'begin return null; end'`,
  }
  for (const [what, statement] of Object.entries(wrongs)) {
    it(`is caught when it ${what}`, async () => {
      assert.notDeepEqual(await breachesOf(await emptyDatabase(), [...migrations, running(statement)]), [])
    })
  }

  for (const statement of [
    'create table more (id bigint not null)',
    'alter table roles add column colour text',
    `alter table roles add column colour text not null default 'red'`,
    'alter table roles add column colour text check (length(colour) <= 50)',
    `alter table roles add column colour text not null default 'red' check (colour in ('red', 'blue'))`,
    'alter table roles add column "from" bigint, add column until bigint, add check ("from" < until)',
    'create index roles__search on roles (search_text)',
  ]) {
    it(`may ${statement}`, async () => {
      assert.deepEqual(await breachesOf(await emptyDatabase(), [...migrations, running(statement)]), [])
    })
  }
})

const running = (statement: string): Migration => ({
  name: '9999_judged',
  expands: true,
  async up(trx) {
    await sql.raw(statement).execute(trx)
  },
})
