import type { Acr } from '@propusk/gate/core'
import { type FieldErrors, type Message, message } from '../kernel/index.ts'

/** What a decision needs to know of a request. */
export interface Evaluation {
  readonly subject: AskedSubject
  readonly action: string
  readonly resource: string
}

export interface AskedSubject {
  readonly type: string
  readonly id: string
  /** The level of the session that is asked about: `properties.acr`, the lowest unless it is one of ours (ADR 49). */
  readonly acr: Acr
}

/** What a presented subject asks about; its `type` and `id` are texts. */
export const toSubject = ({ type, id, properties }: Readonly<Record<string, unknown>>): AskedSubject => ({
  type: type as string,
  id: id as string,
  acr: isObject(properties) && properties.acr === 'aal2' ? 'aal2' : 'aal1',
})

/** The members that each entity must have (sections 5.1 to 5.3); all are texts. */
const required = { subject: ['type', 'id'], action: ['name'], resource: ['type', 'id'] } as const

type Entities = Readonly<Record<keyof typeof required, Readonly<Record<string, unknown>>>>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * One evaluation of a list, completed by what stands beside the list (section 7.1.1): an entity of its own takes the place of
 * that one, but for a member that it must have and lacks. Gives the faults by field where it is none.
 */
export function readEvaluation(
  presented: unknown,
  defaults: Readonly<Record<string, unknown>>,
): Evaluation | { readonly faults: FieldErrors } {
  if (!isObject(presented)) return { faults: { evaluation: [message('field.object')] } }
  const faults: Record<string, readonly Message[]> = {}
  const entities: Record<string, Readonly<Record<string, unknown>>> = {}
  for (const [name, members] of Object.entries(required)) {
    const own = presented[name]
    if (own !== undefined && !isObject(own)) faults[name] = [message('field.object')]
    else if (own === undefined && defaults[name] === undefined) faults[name] = [message('field.required')]
    else {
      entities[name] = { ...(defaults[name] as object | undefined), ...own }
      Object.assign(faults, faultsOf(name, members, entities[name]))
    }
  }
  return Object.keys(faults).length > 0 ? { faults } : toEvaluation(entities as Entities)
}

function faultsOf(name: string, members: readonly string[], entity: Readonly<Record<string, unknown>>) {
  const wrong = members.filter(member => typeof entity[member] !== 'string')
  return Object.fromEntries(
    wrong.map(member => [
      `${name}.${member}`,
      [message(entity[member] === undefined ? 'field.required' : 'field.string')],
    ]),
  )
}

const toEvaluation = ({ subject, action, resource }: Entities): Evaluation => ({
  subject: toSubject(subject),
  action: action.name as string,
  resource: resource.type as string,
})
