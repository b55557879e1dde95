import { sessionLimitsOf } from '../config/index.ts'
import type { Core, Stores } from '../core.ts'
import { type EpochMs, firstPage, type Random } from '../kernel/index.ts'
import { seedAccessModel } from './access-model.ts'
import { type Newcomer, openAccounts } from './accounts.ts'
import { addHistory } from './add-history.ts'
import { foundedAtMs, historyOf } from './history.ts'
import { type DemoPerson, people } from './people.ts'

/** Accounts of one transaction: short enough for a distant database, few enough transactions for a quick start. */
const accountsPerTransaction = 10

/**
 * Fills the database with the demo's people, roles and their recent past; migrates it first if need be. Adds only what
 * is missing, by code name and by email: a second run adds nothing, and changes made by users in between stay. An
 * account comes with its roles, sessions and past in one transaction, so the next run completes one that was cut short.
 * A running server receives every change.
 */
export async function seedDemo(core: Core): Promise<{ created: boolean }> {
  await core.database.migrate()
  const nowMs = core.clock.nowMs()
  const time = { nowMs, foundedAtMs: foundedAtMs(nowMs) }
  const hasGrown = await core.transaction(async stores => {
    await recordDemo(stores, time.foundedAtMs)
    return await seedAccessModel(stores, time)
  })

  const newcomers = await hashPasswords(core, await findMissing(core))
  for (let start = 0; start < newcomers.length; start += accountsPerTransaction) {
    await addAccounts(core, newcomers.slice(start, start + accountsPerTransaction), nowMs)
  }
  if (newcomers.length > 0) await core.transaction(({ sessions }) => sessions.endExpired(nowMs))
  return { created: hasGrown || newcomers.length > 0 }
}

/** True when the demo has filled this database (ADR 8): no request and no other command writes such an event. */
export async function isDemoDatabase({ audit }: Pick<Stores, 'audit'>): Promise<boolean> {
  const { rows } = await audit.list({ action: 'database.demo' }, firstPage(1))
  return rows.length > 0
}

/** Before the first account: a run that is cut short is known by it, too. */
async function recordDemo(stores: Stores, atMs: EpochMs): Promise<void> {
  await stores.permissions.lockAccess()
  if (await isDemoDatabase(stores)) return
  await stores.audit.append({ actorId: null, action: 'database.demo', target: null, origin: null }, atMs)
}

async function findMissing({ stores }: Core): Promise<readonly DemoPerson[]> {
  const found = await Promise.all(people.map(person => stores.users.findByEmail(person.email)))
  return people.filter((_, index) => found[index] === undefined)
}

/** Outside any transaction, because it takes a while; each password gets a salt of its own. */
const hashPasswords = (
  { hasher, random }: Core,
  missing: readonly DemoPerson[],
): Promise<readonly Newcomer[]> =>
  Promise.all(
    missing.map(async person => ({
      person,
      passwordHash: await hasher.hash(person.password ?? unknownPassword(random)),
    })),
  )

/** It is never shown or stored: only its hash is. */
const unknownPassword = (random: Random): string => Buffer.from(random.bytes(24)).toString('base64url')

const addAccounts = (
  { transaction, random, config }: Core,
  newcomers: readonly Newcomer[],
  nowMs: EpochMs,
): Promise<void> =>
  transaction(async stores => {
    const opened = await openAccounts(stores, newcomers, nowMs)
    const context = { stores, random, sessionLimits: sessionLimitsOf(config), opened }
    const chosen = newcomers.map(({ person }) => person)
    for (const event of historyOf(chosen, nowMs)) await addHistory(context, event)
  })
