import { inOrder, naturally } from '../../access/index.ts'

export interface ComparedResource {
  readonly resource: string
  readonly onlyA: readonly string[]
  readonly both: readonly string[]
  readonly onlyB: readonly string[]
}

/**
 * What two roles allow, resource by resource: a role with `all` allows every one of `actions`. Where the other allows
 * some of them, `all` stands first among the rest; else it says everything, and stands alone.
 */
export function comparePermissions(
  a: readonly string[],
  b: readonly string[],
  actions: readonly string[],
): readonly ComparedResource[] {
  const ofA = actionsByResource(a)
  const ofB = actionsByResource(b)
  return [...new Set([...ofA.keys(), ...ofB.keys()])].sort(naturally).map(resource => {
    const heldByA = ofA.get(resource) ?? new Set<string>()
    const heldByB = ofB.get(resource) ?? new Set<string>()
    const known = new Set([...actions, ...heldByA, ...heldByB])
    const inA = heldByA.has('all') ? known : heldByA
    const inB = heldByB.has('all') ? known : heldByB
    const both = inA.intersection(inB)
    return {
      resource,
      onlyA: both.size === 0 ? shortest(inA) : inOrder(inA.difference(inB)),
      both: shortest(both),
      onlyB: both.size === 0 ? shortest(inB) : inOrder(inB.difference(inA)),
    }
  })
}

const shortest = (actions: ReadonlySet<string>): readonly string[] =>
  actions.has('all') ? ['all'] : inOrder(actions)

/** The permissions of `a` that `b` does not allow, neither by themselves nor by `all`. */
export function lackedBy(a: readonly string[], b: readonly string[]): readonly string[] {
  const held = new Set(b)
  return a.filter(permission => !held.has(permission) && !held.has(`${permission.split(':')[0]}:all`))
}

/** How much two roles have in common: the part of what either allows that both allow, from 0 to 1. */
export function likenessOf(a: readonly string[], b: readonly string[], actions: readonly string[]): number {
  const rows = comparePermissions(a, b, actions)
  const shared = rows.reduce((sum, { both }) => sum + both.length, 0)
  const apart = rows.reduce((sum, { onlyA, onlyB }) => sum + onlyA.length + onlyB.length, 0)
  return shared === 0 ? 0 : shared / (shared + apart)
}

function actionsByResource(permissions: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const pairs = permissions.map(permission => permission.split(':', 2) as [string, string])
  const groups = Map.groupBy(pairs, ([resource]) => resource)
  return new Map(
    [...groups].map(([resource, pairs]) => [resource, new Set(pairs.map(([, action]) => action))]),
  )
}
