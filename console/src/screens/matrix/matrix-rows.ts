import type { Action, Resource } from '@propusk/client'
import { finds, inGroups, inOrder, isBuiltInResource, textsOf } from '../../access/index.ts'

/** A line of the matrix: the heading of a group or of a resource, one of its permissions, or how many more there are. */
export type MatrixRow = GroupRow | ResourceRow | PermissionRow | MoreRow

interface GroupRow {
  readonly kind: 'group'
}

export interface ResourceRow {
  readonly kind: 'resource'
  readonly resource: Resource
  readonly permissions: readonly string[]
  readonly isFolded: boolean
}

interface PermissionRow {
  readonly kind: 'permission'
  readonly permission: string
  readonly action: string
  readonly all: string
  /** Every other line below a heading, for the eye. */
  readonly isOdd: boolean
}

export interface MoreRow {
  readonly kind: 'more'
  readonly resource: Resource
  readonly hidden: number
  readonly isShown: boolean
}

interface Shown {
  readonly search: string
  /** Whether the permissions of a resource are hidden, below its heading. */
  isFolded(resource: Resource, position: number): boolean
  /** Whether some role has the permission, or is to have it. */
  isUsed(permission: string): boolean
  /** Code names of the resources of which every action is shown, used or not. */
  readonly whole: ReadonlySet<string>
}

/**
 * Resources and, below each, the actions that some role has with it; of one that no role has, all. A search shows every
 * action that fits: where the resource fits, all of them.
 */
export function matrixRows(
  resources: readonly Resource[],
  actions: readonly Action[],
  shown: Shown,
): readonly MatrixRow[] {
  const wanted = shown.search.trim()
  const ordered = inOrder(actions.map(action => action.code_name))
  const textsOfAction = new Map(actions.map(action => [action.code_name, textsOf(action)]))
  const grouped = inGroups(resources)
  const firstBuiltIn = grouped.find(isBuiltInResource)

  let position = 0
  let isGroupListed = grouped[0] === firstBuiltIn
  return grouped.flatMap((resource): readonly MatrixRow[] => {
    const { code_name } = resource
    const texts = textsOf(resource)
    const isWhole = finds(wanted, ...texts)
    const fitting = ordered.filter(
      action => isWhole || finds(wanted, ...texts, ...textsOfAction.get(action)!, `${code_name}:${action}`),
    )
    if (fitting.length === 0) return []
    const isFolded = shown.isFolded(resource, position++)
    const permissions = ordered.map(action => `${code_name}:${action}`)
    const group: readonly GroupRow[] =
      isBuiltInResource(resource) && !isGroupListed ? [{ kind: 'group' }] : []
    if (isBuiltInResource(resource)) isGroupListed = true
    const heading = [...group, { kind: 'resource', resource, permissions, isFolded }] as const
    if (isFolded) return heading
    const below = wanted === '' ? usedFirst(resource, fitting, shown) : { seen: fitting, more: [] }
    return [
      ...heading,
      ...below.seen.map((action, index) => ({
        kind: 'permission' as const,
        permission: `${code_name}:${action}`,
        action,
        all: `${code_name}:all`,
        isOdd: index % 2 === 1,
      })),
      ...below.more,
    ]
  })
}

function usedFirst(
  resource: Resource,
  actions: readonly string[],
  { isUsed, whole }: Shown,
): { readonly seen: readonly string[]; readonly more: readonly MoreRow[] } {
  const used = actions.filter(action => action === 'all' || isUsed(`${resource.code_name}:${action}`))
  const hidden = actions.length - used.length
  const isNew = used.length <= 1
  if (hidden === 0 || isNew) return { seen: actions, more: [] }
  const isShown = whole.has(resource.code_name)
  return { seen: isShown ? actions : used, more: [{ kind: 'more', resource, hidden, isShown }] }
}

export const keyOfRow = (row: MatrixRow): string => {
  if (row.kind === 'group') return 'group'
  if (row.kind === 'permission') return row.permission
  return row.kind === 'more' ? `${row.resource.code_name} more` : row.resource.code_name
}
