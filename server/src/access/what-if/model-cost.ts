import type { WhatIfStore } from './what-if-store.ts'

/** What a preview or an explanation with alternatives costs of the rate limit of access checks: it may read all users. */
const leastCost = 200

/** So many are read and compared in the time of one unit. */
const rolePermissionsPerUnit = 50

/** More are not counted: that takes some milliseconds of SQLite. */
const mostCounted = 500_000

/** The cost by the size of the model that has to be read: every grant of every role. */
export const modelCost = async (store: Pick<WhatIfStore, 'countRolePermissions'>): Promise<number> =>
  leastCost + Math.ceil((await store.countRolePermissions(mostCounted)) / rolePermissionsPerUnit)
