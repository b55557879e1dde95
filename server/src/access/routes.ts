import type { Pager, RequestGuard, Route } from '../http/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import type { CheckDeps } from './access-questions.ts'
import type { AccessDeps, AccessStores } from './access-stores.ts'
import { actionKind, resourceKind } from './catalogue.ts'
import { decisionRoutes } from './decision-routes.ts'
import type { DecisionStore } from './decision-store.sql.ts'
import { entryRoutes } from './entry-routes.ts'
import { permissionRoutes } from './permission-routes.ts'
import { previewRoutes } from './preview-routes.ts'
import type { GrantsStore } from './rights-store.sql.ts'
import { roleRoutes } from './role-routes.ts'
import { createMeasureDeps, type MeasureDeps } from './what-if/measure-effect.ts'
import type { WhatIfStore } from './what-if/what-if-store.sql.ts'

interface Shared extends AccessDeps {
  /** What reads see: committed rows. */
  readonly stores: Pick<
    AccessStores,
    'rights' | 'roles' | 'resources' | 'actions' | 'permissions' | 'assignments'
  > & {
    readonly userGrants: GrantsStore
    readonly decisions: DecisionStore
    readonly whatIf: WhatIfStore
  }
  readonly pager: Pager
  /** Access checks, by account. */
  readonly checkLimiter: RateLimiter
}

interface AccessModuleDeps extends Shared {
  readonly guard: Pick<RequestGuard, 'permits' | 'refusalOf'>
}

export interface AccessRouteDeps extends Shared, Pick<CheckDeps, 'permits' | 'refusalOf'> {
  readonly whatIf: MeasureDeps
}

/** Roles, permissions, what they are made of, and questions about them. */
export const accessRoutes = ({ guard, ...shared }: AccessModuleDeps): readonly Route[] => {
  const deps: AccessRouteDeps = {
    ...shared,
    permits: (principal, resource, action) => guard.permits(principal, resource, action),
    refusalOf: (principal, resource, action) => guard.refusalOf(principal, resource, action),
    whatIf: createMeasureDeps(shared.stores.whatIf),
  }
  return [
    ...roleRoutes(deps),
    ...entryRoutes(deps, resourceKind),
    ...entryRoutes(deps, actionKind),
    ...permissionRoutes(deps),
    ...decisionRoutes(deps),
    ...previewRoutes(deps),
  ]
}
