import type { Action, Resource } from '@propusk/client'
import { inOrder } from '../../access/index.ts'

/** A line of the matrix: the heading of a resource, or one of its permissions. */
export type MatrixRow =
  | { readonly kind: 'resource'; readonly resource: Resource; readonly permissions: readonly string[] }
  | {
      readonly kind: 'permission'
      readonly permission: string
      readonly action: string
      readonly all: string
    }

interface Shown {
  readonly search: string
  /** Code names of the resources whose permissions are hidden. */
  readonly folded: ReadonlySet<string>
}

/** Resources and, below each, every action. A search that fits the resource shows all of it, else the actions that fit. */
export function matrixRows(
  resources: readonly Resource[],
  actions: readonly Action[],
  { search, folded }: Shown,
): readonly MatrixRow[] {
  const wanted = search.trim().toLowerCase()
  const fits = (...texts: readonly string[]) => texts.some(text => text.toLowerCase().includes(wanted))
  const ordered = inOrder(actions.map(action => action.code_name))
  const nameOf = new Map(actions.map(action => [action.code_name, action.name]))

  return resources.flatMap((resource): readonly MatrixRow[] => {
    const isWhole = fits(resource.name, resource.code_name)
    const shown = ordered.filter(
      action => isWhole || fits(action, nameOf.get(action)!, `${resource.code_name}:${action}`),
    )
    if (shown.length === 0) return []
    const permissions = ordered.map(action => `${resource.code_name}:${action}`)
    const heading = { kind: 'resource', resource, permissions } as const
    if (folded.has(resource.code_name)) return [heading]
    const all = `${resource.code_name}:all`
    return [
      heading,
      ...shown.map(action => ({
        kind: 'permission' as const,
        permission: `${resource.code_name}:${action}`,
        action,
        all,
      })),
    ]
  })
}
