import type { Decision, Reason } from '@propusk/gate/core'
import { type DecidingStores, decideFor, needsLevel } from '../access/index.ts'
import { parseKnownEmail, type UserStore } from '../identity/index.ts'
import { type FieldErrors, Rejection, render, type UserId } from '../kernel/index.ts'
import type { AskedSubject, Evaluation } from './evaluation.ts'

export interface EvaluationDeps {
  readonly stores: DecidingStores & { readonly users: Pick<UserStore, 'findByEmail'> }
}

/** `unknown: subject` is ours to say: the rule itself is asked about users that there are. */
type Because = Reason | { readonly unknown: 'subject'; readonly name: string }

interface AuthzenDecision {
  readonly decision: boolean
  readonly context: {
    readonly because?: Because[]
    /** What a session needs that is denied it now: AuthZEN has the members of a challenge here. */
    readonly acr_values?: 'aal2'
    readonly error?: { readonly status: number; readonly message: string }
  }
}

type Semantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit'

/** The user that a subject means; undefined for none that could be. */
async function findSubject(
  { stores }: EvaluationDeps,
  { type, id }: AskedSubject,
): Promise<UserId | undefined> {
  if (type !== 'user') return undefined
  if (/^[1-9][0-9]{0,15}$/.test(id))
    return Number.isSafeInteger(Number(id)) ? (Number(id) as UserId) : undefined
  const email = parseKnownEmail(id)
  return email && (await stores.users.findByEmail(email))?.user.id
}

/** Decides each in its place, from the database: one look for each subject. */
export async function evaluateAll(
  deps: EvaluationDeps,
  evaluations: readonly Evaluation[],
): Promise<readonly AuthzenDecision[]> {
  const bySubject = Map.groupBy(evaluations, ({ subject }) =>
    JSON.stringify([subject.type, subject.id, subject.acr]),
  )
  const decided = new Map<Evaluation, AuthzenDecision>()
  for (const ofSubject of bySubject.values()) {
    const decisions = await decideAbout(deps, ofSubject)
    for (const [index, evaluation] of ofSubject.entries()) decided.set(evaluation, decisions[index]!)
  }
  return evaluations.map(evaluation => decided.get(evaluation)!)
}

async function decideAbout(
  deps: EvaluationDeps,
  evaluations: readonly Evaluation[],
): Promise<readonly AuthzenDecision[]> {
  const { subject } = evaluations[0]!
  const decisions = await decisionsFor(deps, subject, evaluations)
  if (decisions === undefined) {
    const because: Because[] = [{ unknown: 'subject', name: subject.id }]
    return evaluations.map(() => ({ decision: false, context: { because } }))
  }
  return decisions.map(({ allowed, because }) => ({
    decision: allowed,
    context: { because: [...because], ...(needsLevel(because) && { acr_values: 'aal2' }) },
  }))
}

/** The decisions about a subject, each in its place; undefined where there is no such user. */
export async function decisionsFor(
  deps: EvaluationDeps,
  subject: AskedSubject,
  questions: readonly { readonly resource: string; readonly action: string }[],
): Promise<readonly Decision[] | undefined> {
  const userId = await findSubject(deps, subject)
  if (userId === undefined) return undefined
  return decideFor(deps.stores, { userId, acr: subject.acr }, questions).catch(ignoreAbsent)
}

function ignoreAbsent(error: unknown): undefined {
  if (error instanceof Rejection && error.code === 'not_found') return undefined
  throw error
}

/** What is wrong with one evaluation of a list denies that one (section 7.2.1). */
export function deniedFor(faults: FieldErrors): AuthzenDecision {
  const texts = Object.entries(faults).map(([field, messages]) => `${field}: ${render('en', messages[0]!)}`)
  return { decision: false, context: { error: { status: 400, message: texts.join(' ') } } }
}

/** The decisions up to the first one that settles it (section 7.1.2.1). */
export function cutBy(semantic: Semantic, decisions: readonly AuthzenDecision[]): AuthzenDecision[] {
  if (semantic === 'execute_all') return [...decisions]
  const end = decisions.findIndex(({ decision }) => decision === (semantic === 'permit_on_first_permit'))
  return end === -1 ? [...decisions] : decisions.slice(0, end + 1)
}
