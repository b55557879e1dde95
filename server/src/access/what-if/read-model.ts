import { setImmediate } from 'node:timers/promises'
import type { PermissionId, RoleId, UserId } from '../../kernel/index.ts'
import { type Baseline, createBaseline } from './compare-models.ts'
import type { MeasureDeps } from './measure-effect.ts'
import type { Pace } from './pace.ts'
import type { StoredRolePermission, WhatIfStore } from './what-if-store.sql.ts'

/** A baseline, and how its roles are called where users are counted. */
export interface ReadModel extends Baseline {
  readonly idOf: ReadonlyMap<string, RoleId>
  readonly nameOf: ReadonlyMap<RoleId, string>
}

/**
 * What the rows say now, with these users in it. It is read in many statements, and so is what follows: a change
 * that is committed in between may be seen in a part of the answer.
 */
export async function readModel(
  { store, rowsPerStep }: Pick<MeasureDeps, 'store' | 'rowsPerStep'>,
  userIds: readonly UserId[],
  pace: Pace,
): Promise<ReadModel> {
  const { resources, actions } = await store.readCatalogue()
  const roles = await store.readRoles()
  await setImmediate()
  const permissions = await readPermissionsByRole(store, rowsPerStep, pace)
  const users = await store.readUsers(userIds)
  const baseline = await createBaseline(
    {
      resources,
      actions,
      roles: new Map(roles.map(({ id, codeName }) => [codeName, permissions.get(id) ?? new Set()])),
      users: new Map(users.map(({ id, roles, ...user }) => [id, { ...user, roles: new Set(roles) }])),
      activeSuperusers: await store.countActiveSuperusers([]),
    },
    pace,
  )
  return {
    ...baseline,
    idOf: new Map(roles.map(({ id, codeName }) => [codeName, id])),
    nameOf: new Map(roles.map(({ id, codeName }) => [id, codeName])),
  }
}

/** What each role permits, some thousands of rows at a time. */
async function readPermissionsByRole(
  store: WhatIfStore,
  rowsPerStep: number,
  pace: Pace,
): Promise<ReadonlyMap<RoleId, ReadonlySet<string>>> {
  const names = new Map<PermissionId, string>()
  for (let after: PermissionId | undefined; ; ) {
    const page = await store.readPermissions(after, rowsPerStep)
    for (const { id, name } of page) names.set(id, name)
    if (page.length < rowsPerStep) break
    after = page.at(-1)!.id
    await pace.did(page.length * unitsPerRow)
  }
  const held = new Map<RoleId, Set<string>>()
  for (let after: StoredRolePermission | undefined; ; ) {
    const page = await store.readRolePermissions(after, rowsPerStep)
    for (const { roleId, permissionId } of page) {
      // Made a moment ago, it may have no name here yet.
      const name = names.get(permissionId)
      const own = held.get(roleId) ?? new Set()
      held.set(roleId, own)
      if (name !== undefined) own.add(name)
    }
    if (page.length < rowsPerStep) return held
    after = page.at(-1)!
    await pace.did(page.length * unitsPerRow)
  }
}

/** A row is read in the process where the database is SQLite. */
const unitsPerRow = 5
