import { Type } from '../http/index.ts'
import { type Separator, separators } from './csv.ts'

const spellings: Readonly<Record<string, Separator>> = {
  ...separators,
  ...Object.fromEntries(Object.values(separators).map(separator => [separator, separator])),
}

/** For the query of every route that answers CSV. A pattern, because clients are generated badly from an enum with a tab. */
export const separatorParameter = Type.Optional(
  Type.String({
    pattern: '^(?:comma|semicolon|tab|[,;\\t])$',
    'x-message': 'separator.unknown',
    description:
      'What stands between two cells: `comma` (unless said otherwise), `semicolon` or `tab`, or the character itself. Excel with Russian or German settings opens a table with semicolons.',
  }),
)

/** The separator that a query has named. */
export const separatorOf = (named: string | undefined): Separator =>
  spellings[named ?? 'comma'] ?? separators.comma
