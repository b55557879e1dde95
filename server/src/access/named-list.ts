import type { Named } from './named.ts'
import type { NamedColumn } from './named-store.ts'

/** Where the value of each ordering stands in a row; null stands as in the ORDER BY of the store: as if empty. */
export const namedOrderings = {
  id: row => row.id,
  name: row => row.name,
  code_name: row => row.codeName,
  description: row => row.description ?? '',
} satisfies Record<NamedColumn, (row: Named<number>) => string | number>
