import { pick, subset } from '../../gate/test/chance.ts'
import { catalogueActs } from './catalogue-acts.ts'
import { keyActs } from './key-acts.ts'
import {
  type Actor,
  type HeldAt,
  held,
  heldAt,
  type Model,
  mayTouch,
  mayUse,
  namesIn,
  type Person,
} from './model.ts'
import { personActs } from './person-acts.ts'
import { roleActs } from './role-acts.ts'

/** What an actor tries, what must come of it by the rules, and what the model is then. */
export interface Act {
  readonly kind: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
  /** What must come of it for this actor, or for the same person in a session of another level. */
  expected(as: Actor): Outcome
  /** Carried out in the model when the answer is no rejection. */
  apply(model: Model, answer: { id: number; key?: string }): void
  /** Whose sessions are over then. */
  readonly endsSessionsOf?: number
}

/**
 * The status; a rejection by the route or by rank is a 403. Two kinds of 401 ask for a second factor: where a role asks for one
 * (`level`), and where a dangerous route asks that it was shown a short time ago (`step-up`).
 */
export type Outcome = number | 'level' | 'step-up'

type Rule = readonly [isKept: boolean | HeldAt, breach: number | 'step-up']

/** Rules are asked in their order, each with the outcome of its breach. */
export function outcomeOf(success: number, ...rules: readonly Rule[]): Outcome {
  const broken = rules.find(([isKept]) => isKept !== true && isKept !== 'held')
  if (broken === undefined) return success
  return broken[0] === 'at aal2' ? 'level' : broken[1]
}

/** Names that people give: few, so that they are given, taken away and given again. */
export const entryNames = ['files', 'notes', 'plans']
export const actionNames = ['sign', 'share']
export const roleNames = ['clerk', 'editor', 'warden', 'keeper', 'guard', 'scribe']

/** What acts are made up from. */
export type Making = ReturnType<typeof makingFor>

/** An act, unless there is nothing that it could be done to. */
export type MakeAct = () => Act | undefined

function makingFor(model: Model, actor: Actor, random: () => number) {
  const one = <T>(items: readonly T[]): T => pick(random, items)
  return {
    model,
    actor,
    random,
    one,
    people: [...model.people.values()],
    roleIds: [...model.roles.keys()],
    freeName: (taken: readonly string[], names: readonly string[]): string | undefined =>
      one(names.filter(name => !taken.includes(name))),
    /** Of all that could be granted, more often what the actor holds: or all would be refused. */
    somePermissions(): string[] {
      const all = namesIn(model.resources).flatMap(resource =>
        namesIn(model.actions).map(action => `${resource}:${action}`),
      )
      const own = [...held(model, model.people.get(actor.id)!.roles, actor.level)]
      const mostly = subset(random, actor.isSuperuser ? all.filter(() => random() < 0.3) : own)
      return random() < 0.3 ? [...new Set([...mostly, one(all)])] : mostly
    },
    /** The permission that the route asks for. */
    route: (as: Actor, resource: string, action: string): Rule => [mayUse(model, as, resource, action), 403],
    touches: (as: Actor, target: Person): Rule => [mayTouch(model, as, target), 403],
    holdsAll: (as: Actor, names: Iterable<string>): Rule => [heldAt(model, as, names), 403],
    /** A dangerous act asks for the second factor of who has one; a program has none to show. */
    stepsUp: (as: Actor, isDangerous = true): Rule => [
      !isDangerous || as.key !== undefined || as.level === 'aal2' || !model.people.get(as.id)!.hasFactor,
      'step-up',
    ],
  }
}

/** One act of this actor, right or wrong, by the rules as docs/authorization.md has them. */
export function randomAct(model: Model, actor: Actor, random: () => number): Act {
  const making = makingFor(model, actor, random)
  const ofPeople = personActs(making)
  const acts = [...ofPeople, ...roleActs(making), ...keyActs(making), ...catalogueActs(making)]
  for (;;) {
    const act = (random() < 0.2 ? ofPeople[0]! : making.one(acts))()
    if (act !== undefined) return act
  }
}
