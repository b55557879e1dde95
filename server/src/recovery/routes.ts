import type { Route } from '../http/index.ts'
import { emailRoutes } from './email-routes.ts'
import type { NotMeDeps } from './not-me.ts'
import { notMeRoutes } from './not-me-routes.ts'
import type { RecoveryDeps } from './recovery.ts'
import type { ResetOfUserDeps } from './reset-of-user.ts'
import { resetOfUserRoutes } from './reset-of-user-routes.ts'
import { resetRoutes } from './reset-routes.ts'
import { verifyRoutes } from './verify-routes.ts'

/** The ways back into an account, and those of its address. */
export const recoveryRoutes = (deps: RecoveryDeps & ResetOfUserDeps & NotMeDeps): readonly Route[] => [
  ...resetRoutes(deps),
  ...verifyRoutes(deps),
  ...emailRoutes(deps),
  ...notMeRoutes(deps),
  ...resetOfUserRoutes(deps),
]
