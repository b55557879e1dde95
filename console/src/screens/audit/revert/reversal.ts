import type { AuditEvent } from '@propusk/client'
import type { AccessChange } from '../../../access/index.ts'
import { changeIn, listChange } from '../../../audit/index.ts'

export type Revertible = 'users' | 'roles' | 'resources' | 'actions'

/** One thing that takes a part of an event back. */
export type RevertStep =
  | { readonly kind: 'give_role' | 'take_role'; readonly role: string }
  | { readonly kind: 'grant_permission' | 'take_permission'; readonly permission: string }
  | {
      readonly kind: 'set'
      readonly field: string
      /** Before the event, and what it made of it. */
      readonly was: unknown
      readonly became: unknown
    }

/** What takes an event back as a whole. */
export interface Reversal {
  readonly resource: Revertible
  readonly id: number
  readonly steps: readonly RevertStep[]
}

/** What takes an event back; undefined where that cannot be told from what the event carries. */
export function reversalOf({ action, target, outcome, details }: AuditEvent): Reversal | undefined {
  const [resource, id] = (target ?? '').split('/')
  // What a role lost by a change of something else comes back with that.
  if (outcome !== 'success' || 'cause' in details) return undefined
  const steps = stepsOf[action]?.(details) ?? []
  return steps.length === 0 ? undefined : { resource: resource as Revertible, id: Number(id), steps }
}

type Details = AuditEvent['details']

const entryFields = ['name', 'code_name', 'description']

const stepsOf: Readonly<Record<string, (details: Details) => readonly RevertStep[]>> = {
  'user.update': details => [...roleSteps(details), ...setSteps(details, ['is_staff', 'is_superuser'])],
  'user.deactivate': () => [{ kind: 'set', field: 'is_active', was: true, became: false }],
  'user.reactivate': () => [{ kind: 'set', field: 'is_active', was: false, became: true }],
  'role.update': details => [...permissionSteps(details), ...setSteps(details, entryFields)],
  'resource.update': details => setSteps(details, entryFields),
  'action.update': details => setSteps(details, entryFields),
}

function roleSteps(details: Details): readonly RevertStep[] {
  const change = changeIn(details, 'roles')
  if (change === undefined) return []
  const { added, removed } = listChange(change)
  return [
    ...added.map(role => ({ kind: 'take_role' as const, role })),
    ...removed.map(role => ({ kind: 'give_role' as const, role })),
  ]
}

function permissionSteps(details: Details): readonly RevertStep[] {
  const change = changeIn(details, 'permissions')
  if (change === undefined) return []
  const { added, removed } = listChange(change)
  return [
    ...added.map(permission => ({ kind: 'take_permission' as const, permission })),
    ...removed.map(permission => ({ kind: 'grant_permission' as const, permission })),
  ]
}

const setSteps = (details: Details, fields: readonly string[]): readonly RevertStep[] =>
  fields.flatMap(field => {
    const change = changeIn(details, field)
    return change === undefined ? [] : [{ kind: 'set' as const, field, was: change.from, became: change.to }]
  })

/** A person or an entry as it is now. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: number }

/** Whether a step is still to be done: `already` so, or `changed` by somebody since to something else again. */
type StepState = 'due' | 'already' | 'changed'

export function stateOf(step: RevertStep, row: Row): StepState {
  if (step.kind === 'set') {
    const now = row[step.field] ?? null
    if (now === (step.was ?? null)) return 'already'
    return now === (step.became ?? null) ? 'due' : 'changed'
  }
  const held = (step.kind.endsWith('role') ? row.roles : row.permissions) as readonly string[]
  const isHeld = held.includes('role' in step ? step.role : step.permission)
  const wantsHeld = step.kind === 'give_role' || step.kind === 'grant_permission'
  return isHeld === wantsHeld ? 'already' : 'due'
}

/** What the steps change of who may do what, as a preview asks for it. */
export const accessChangesOf = (steps: readonly RevertStep[], row: Row): readonly AccessChange[] =>
  steps.flatMap((step): readonly AccessChange[] => {
    if ('role' in step) return [{ ...step, user_id: row.id }]
    if ('permission' in step) return [{ ...step, role: String(row.code_name) }]
    if (step.field !== 'is_active') return []
    return [{ kind: step.was === true ? 'reactivate_user' : 'deactivate_user', user_id: row.id }]
  })
