import { setImmediate } from 'node:timers/promises'
import type { RoleId, UserId } from '../../kernel/index.ts'
import { type Baseline, createBaseline } from './compare-models.ts'
import type { WhatIfStore } from './what-if-store.ts'

/** A baseline, and how its roles are called where users are counted. */
export interface ReadModel extends Baseline {
  readonly idOf: ReadonlyMap<string, RoleId>
  readonly nameOf: ReadonlyMap<RoleId, string>
}

/**
 * What the rows say now, with these users in it. It is read in several statements, and so is what follows: a change
 * that is committed in between may be seen in a part of the answer.
 */
export async function readModel(store: WhatIfStore, userIds: readonly UserId[]): Promise<ReadModel> {
  const { resources, actions } = await store.readCatalogue()
  const roles = await store.readRoles()
  await setImmediate()
  const users = await store.readUsers(userIds)
  const baseline = createBaseline({
    resources,
    actions,
    roles: new Map(roles.map(({ codeName, permissions }) => [codeName, new Set(permissions)])),
    users: new Map(users.map(({ id, roles, ...user }) => [id, { ...user, roles: new Set(roles) }])),
    activeSuperusers: await store.countActiveSuperusers([]),
  })
  return {
    ...baseline,
    idOf: new Map(roles.map(({ id, codeName }) => [codeName, id])),
    nameOf: new Map(roles.map(({ id, codeName }) => [id, codeName])),
  }
}
