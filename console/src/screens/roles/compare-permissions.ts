import { inOrder } from '../../access/index.ts'

export interface ComparedResource {
  readonly resource: string
  readonly onlyA: readonly string[]
  readonly both: readonly string[]
  readonly onlyB: readonly string[]
}

/** What two roles hold, resource by resource; the actions of each. */
export function comparePermissions(a: readonly string[], b: readonly string[]): readonly ComparedResource[] {
  const ofA = actionsByResource(a)
  const ofB = actionsByResource(b)
  return [...new Set([...ofA.keys(), ...ofB.keys()])].sort().map(resource => {
    const inA = ofA.get(resource) ?? new Set<string>()
    const inB = ofB.get(resource) ?? new Set<string>()
    return {
      resource,
      onlyA: inOrder(inA.difference(inB)),
      both: inOrder(inA.intersection(inB)),
      onlyB: inOrder(inB.difference(inA)),
    }
  })
}

function actionsByResource(permissions: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const pairs = permissions.map(permission => permission.split(':', 2) as [string, string])
  const groups = Map.groupBy(pairs, ([resource]) => resource)
  return new Map(
    [...groups].map(([resource, pairs]) => [resource, new Set(pairs.map(([, action]) => action))]),
  )
}
