import { type Decision, decide } from '@propusk/gate'
import { Rejection, type UserId } from '../kernel/index.ts'
import type { DecisionStore } from './decision-store.ts'
import type { GrantsStore } from './standing-store.ts'

export interface Question {
  readonly resource: string
  readonly action: string
}

export interface DecidingStores {
  readonly userGrants: GrantsStore
  readonly decisions: Pick<DecisionStore, 'factsFor'>
}

/** The decision about a user on each question, in its place, from the rows. Refuses with `not_found`. */
export async function decideFor(
  { userGrants, decisions }: DecidingStores,
  userId: UserId,
  questions: readonly Question[],
): Promise<readonly Decision[]> {
  const grants = await userGrants.find(userId)
  if (grants === undefined) throw new Rejection('not_found')
  const facts = await decisions.factsFor(userId, questions)
  return questions.map(({ resource, action }) => decide(facts, grants, resource, action))
}
