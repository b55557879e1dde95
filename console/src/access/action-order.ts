import { naturally } from './natural-order.ts'

/** What covers the rest stands first, then what every resource knows, then the rest by name. */
const first = ['all', 'read', 'create', 'update', 'delete']

const rankOf = (action: string): number => {
  const index = first.indexOf(action)
  return index === -1 ? first.length : index
}

export const inOrder = (actions: Iterable<string>): readonly string[] =>
  [...new Set(actions)].sort((a, b) => rankOf(a) - rankOf(b) || naturally(a, b))
