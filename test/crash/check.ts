import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Database } from '../../server/src/store/index.ts'
import { type Account, type Fresh, registered } from './account.ts'
import { settle } from './acts.ts'
import type { Crowd, Person } from './crowd.ts'
import type { Dice } from './dice.ts'
import { readAccounts } from './read-accounts.ts'

/** How many accounts that nobody touched are looked at after each kill; all of them at the end. */
const sampleSize = 25

export interface Checked {
  readonly accounts: number
  /** Acts that were under way at the kill and turned out to be stored whole, or not at all. */
  readonly stored: number
  readonly absent: number
  /** A refresh whose answer the client never got: it tries again. */
  readonly lostRefreshes: readonly Person[]
}

interface CheckOptions {
  readonly database: Database
  readonly crowd: Crowd
  readonly dice: Dice
  readonly nowMs: number
  /** Every account rather than those that acted and a sample. */
  readonly everybody: boolean
}

/** Compares what is stored with what was acknowledged, and learns what became of the acts in doubt. Throws at a difference. */
export async function checkStore(options: CheckOptions): Promise<Checked> {
  const { database, crowd, dice, nowMs, everybody } = options
  await assertSound(database)
  const ids = await idsByEmail(database)
  assertNobodyElse(ids, crowd)

  const quiet = crowd.people.filter(person => !person.touched)
  const looked = [
    ...crowd.people.filter(person => person.touched),
    ...(everybody ? quiet : dice.sample(quiet, sampleSize)),
  ]
  const pictures = await readAccounts(
    database.read,
    looked.flatMap(person => ids.get(person.email) ?? []),
    nowMs,
  )
  const verdicts = looked.map(person => ({
    person,
    verdict: check(person, pictures.get(ids.get(person.email) ?? 0)),
  }))
  const having = (wanted: Verdict) => verdicts.filter(({ verdict }) => verdict === wanted).length
  return {
    accounts: pictures.size,
    stored: having('stored') + having('stored refresh'),
    absent: having('absent') + having('absent refresh'),
    lostRefreshes: verdicts.filter(({ verdict }) => verdict.endsWith('refresh')).map(({ person }) => person),
  }
}

type Verdict = 'certain' | 'stored' | 'absent' | 'stored refresh' | 'absent refresh'

function check(person: Person, found: Account | undefined): Verdict {
  const { account, doubt } = person
  person.touched = false
  if (doubt === undefined || isDeepStrictEqual(found, account)) {
    assert.deepEqual(found, account, `${person.email}: stored, and acknowledged`)
    person.doubt = undefined
    return doubt === undefined ? 'certain' : doubt.kind === 'refresh' ? 'absent refresh' : 'absent'
  }
  assert.ok(found, `${person.email}: the account is gone`)
  const fresh = freshIn(found, account, doubt.session)
  const expected = account === undefined ? registered(found.id, fresh) : doubt.effect!(account, fresh)
  assert.deepEqual(found, expected, `${person.email}: neither before nor after the ${doubt.kind} under way`)
  settle(person, doubt, fresh, found.id)
  return doubt.kind === 'refresh' ? 'stored refresh' : 'stored'
}

/** What the lost answer would have said. */
function freshIn(found: Account, known: Account | undefined, acted: string | undefined): Fresh {
  const session = acted ?? Object.keys(found.sessions).find(uuid => known?.sessions[uuid] === undefined) ?? ''
  return { session, token: found.sessions[session]?.newest ?? '' }
}

async function idsByEmail({ read }: Database): Promise<Map<string, number>> {
  const rows = await read
    .selectFrom('users')
    .select(['id', 'email'])
    .where('is_superuser', '=', false)
    .execute()
  return new Map(rows.map(row => [row.email, row.id]))
}

/** A person whose registration was under way and is not stored never was. */
function assertNobodyElse(ids: ReadonlyMap<string, number>, crowd: Crowd): void {
  for (const person of crowd.people) {
    if (ids.has(person.email)) continue
    assert.equal(person.account, undefined, `${person.email} was registered, and is gone`)
  }
  const known = new Set(crowd.people.map(person => person.email))
  for (const email of ids.keys()) assert.ok(known.has(email), `${email} is stored, and nobody registered it`)
}

async function assertSound({ engine, read }: Database): Promise<void> {
  if (engine === 'postgres') return
  const { rows } = await sql`pragma integrity_check`.execute(read)
  assert.deepEqual(rows, [{ integrity_check: 'ok' }])
  assert.deepEqual((await sql`pragma foreign_key_check`.execute(read)).rows, [])
}
