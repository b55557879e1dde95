import type { Decision } from '@propusk/gate'
import type { Principal, UserId } from '../kernel/index.ts'
import { assertMayAskAbout, type CheckDeps } from './check-access.ts'
import { decideFor, type Question } from './decide-for.ts'

/** The decision about a user with every reason for it, from the database rather than from a token. */
export async function explainAccess(
  deps: CheckDeps,
  principal: Principal,
  userId: UserId,
  question: Question,
): Promise<Decision> {
  assertMayAskAbout(deps, principal, userId)
  const [decision] = await decideFor(deps.stores, userId, [question])
  return decision!
}
