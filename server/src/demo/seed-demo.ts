import { entryChange } from '../access/index.ts'
import type { AuditAction } from '../audit/index.ts'
import { sessionLimitsOf } from '../config/index.ts'
import type { Core, Stores } from '../core.ts'
import {
  type EpochMs,
  firstPage,
  type PermissionName,
  permissionName,
  type Random,
  splitPermissionName,
} from '../kernel/index.ts'
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

/** What the demo adds to the built-in resources and actions, and the three roles that show what they are for. */
interface DemoEntry {
  readonly codeName: string
  readonly name: string
  readonly description: string
}

interface DemoRole extends DemoEntry {
  readonly permissions: readonly string[]
}

const demoResources: readonly DemoEntry[] = [
  { codeName: 'projects', name: 'Projects', description: 'The demo API /api/demo/projects/.' },
  { codeName: 'tasks', name: 'Tasks', description: 'Pieces of work inside a project.' },
  { codeName: 'documents', name: 'Documents', description: 'The demo API /api/demo/documents/.' },
  { codeName: 'settings', name: 'Settings', description: 'How the application behaves.' },
  { codeName: 'reports', name: 'Reports', description: 'Figures for those who decide.' },
  { codeName: 'payments', name: 'Payments', description: 'Money that leaves the house.' },
]

const demoActions: readonly DemoEntry[] = [
  { codeName: 'approve', name: 'Approve', description: 'Say that something may take effect.' },
  { codeName: 'export', name: 'Export', description: 'Take everything out in one file.' },
]

/**
 * Each role covers the one below it: a caller cannot touch an account that holds a permission which the caller lacks,
 * so an administrator who lacked one of a supervisor's could not manage supervisors. Reserved for superusers: to delete
 * settings, and payments except for approving and exporting them.
 */
const demoRoles: readonly DemoRole[] = [
  {
    codeName: 'admin',
    name: 'Administrator',
    description: 'Looks after people, roles and everything that the application holds, except money.',
    permissions: [
      ...['users:all', 'roles:all', 'actions:all', 'resources:all', 'permissions:all'],
      ...['sessions:all', 'tokens:delete', 'throttle:all', 'audit:read', 'server:read'],
      ...['projects:all', 'tasks:all', 'documents:all', 'reports:all'],
      ...['settings:read', 'settings:update', 'payments:read', 'payments:approve', 'payments:export'],
    ],
  },
  {
    codeName: 'supervisor',
    name: 'Supervisor',
    description: 'Leads a team: approves what it writes and sees who is signed in.',
    permissions: [
      ...['users:read', 'sessions:read', 'settings:read'],
      ...['projects:read', 'projects:create', 'projects:update', 'tasks:all'],
      ...['documents:read', 'documents:create', 'documents:update', 'documents:approve', 'documents:export'],
      ...['reports:read', 'reports:export', 'payments:read', 'payments:approve'],
    ],
  },
  {
    codeName: 'user',
    name: 'User',
    description: 'Reads projects and documents and works on tasks; deletes nothing.',
    permissions: [
      ...['projects:read', 'documents:read', 'reports:read'],
      ...['tasks:read', 'tasks:create', 'tasks:update'],
    ],
  },
]

type AnyNamedStore = Pick<Stores['resources'] | Stores['actions'] | Stores['roles'], 'findTaken'> & {
  add(fields: DemoEntry): Promise<{ readonly id: number }>
}

interface Time {
  /** For the ledger. */
  readonly nowMs: EpochMs
  /** For the audit: when the demo's organisation was founded. */
  readonly foundedAtMs: EpochMs
}

/**
 * Adds the demo's resources, actions and roles that are missing, by code name; existing ones stay unchanged. One whose
 * name is taken by another code name is left out. Gives whether anything was added.
 */
async function seedAccessModel(stores: Stores, time: Time): Promise<boolean> {
  await stores.permissions.lockAccess()
  let added = 0
  for (const resource of demoResources) {
    if (await addMissingEntry(stores, 'resource', resource, time)) added += 1
  }
  for (const action of demoActions) {
    if (await addMissingEntry(stores, 'action', action, time)) added += 1
  }
  for (const role of demoRoles) if (await addMissingRole(stores, role, time)) added += 1
  return added > 0
}

async function addMissingEntry(
  stores: Stores,
  word: 'resource' | 'action',
  entry: DemoEntry,
  time: Time,
): Promise<boolean> {
  const id = await addMissing(stores, stores[`${word}s`], `${word}.create`, entry, time)
  if (id === undefined) return false
  await stores.changes.append(entryChange({ part: word }, id, entry.codeName), time.nowMs)
  return true
}

async function addMissing(
  { audit }: Pick<Stores, 'audit'>,
  store: AnyNamedStore,
  event: AuditAction & `${string}.create`,
  { codeName, name, description }: DemoEntry,
  { foundedAtMs }: Time,
  more: Readonly<Record<string, unknown>> = {},
): Promise<number | undefined> {
  if ((await store.findTaken({ name, codeName })).length > 0) return undefined
  const { id } = await store.add({ name, codeName, description })
  const target = `${event.slice(0, -'.create'.length)}s/${id}`
  const details = { code_name: codeName, ...more }
  await audit.append({ actorId: null, action: event, target, origin: null, details }, foundedAtMs)
  return id
}

async function addMissingRole(stores: Stores, role: DemoRole, time: Time): Promise<boolean> {
  const permissions = await existing(stores, role.permissions)
  const id = await addMissing(stores, stores.roles, 'role.create', role, time, { permissions })
  if (id === undefined) return false
  const { ids } = await stores.permissions.ensure(permissions)
  await stores.permissions.replaceOfRole(id as Parameters<Stores['permissions']['replaceOfRole']>[0], ids)
  await stores.changes.append(
    { kind: 'role_permissions', roleId: id, role: role.codeName, permissions },
    time.nowMs,
  )
  return true
}

/** The permissions whose resource and action are there; an administrator may have renamed one. Sorted. */
async function existing(stores: Stores, names: readonly string[]): Promise<readonly PermissionName[]> {
  const parts = names.map(name => splitPermissionName(name)!)
  const resources = new Set(
    codeNames(await stores.resources.findByCodeNames(parts.map(part => part.resource))),
  )
  const actions = new Set(codeNames(await stores.actions.findByCodeNames(parts.map(part => part.action))))
  return parts
    .filter(part => resources.has(part.resource) && actions.has(part.action))
    .map(part => permissionName(part.resource, part.action))
    .sort()
}

const codeNames = (rows: readonly { readonly codeName: string }[]): readonly string[] =>
  rows.map(row => row.codeName)
