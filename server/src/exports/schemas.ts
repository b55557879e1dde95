import { Type } from '../http/index.ts'
import { type Separator, separators } from './csv.ts'

const spellings: Readonly<Record<string, Separator>> = {
  ...separators,
  ...Object.fromEntries(Object.values(separators).map(separator => [separator, separator])),
}

/** For the query of every route that answers CSV. */
export const separatorParameter = Type.Optional(
  Type.Enum(['comma', 'semicolon', 'tab', ',', ';', '\t'] as const, {
    description:
      'What stands between two cells, by its name or as it is; a comma unless said otherwise. Excel with Russian or German settings opens a table with semicolons.',
  }),
)

/** The separator that a query has named. */
export const separatorOf = (named: string | undefined): Separator =>
  spellings[named ?? 'comma'] ?? separators.comma
