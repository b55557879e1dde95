import type { Listed } from '../kernel/index.ts'
import type { Named } from './named.ts'
import type { NamedColumn } from './named-store.ts'

/** Where the value of each ordering stands in a row; null stands as in the ORDER BY of the store: as if empty. A name is ordered by a key that the store knows. */
export const namedOrderings = {
  id: row => row.id,
  name: row => row.place,
  code_name: row => row.codeName,
  description: row => row.description ?? '',
} satisfies Record<NamedColumn, (row: Listed<Named<number>>) => Listed<unknown>['place']>
