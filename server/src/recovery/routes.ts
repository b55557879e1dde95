import type { Route } from '../http/index.ts'
import type { RecoveryDeps } from './recovery.ts'
import { resetRoutes } from './reset-routes.ts'

/** The ways back into an account, and those of its address. */
export const recoveryRoutes = (deps: RecoveryDeps): readonly Route[] => [...resetRoutes(deps)]
