import { Type } from '../http/index.ts'
import { type Separator, separators } from './csv.ts'
import { columnsOf, type ExportShape, formats } from './shape.ts'

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

/** What the query of every export takes beside the filters of its list. */
export const exportParameters = {
  separator: separatorParameter,
  columns: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description:
        'Which columns, with commas between them, in this order: all of them, unless said otherwise.',
    }),
  ),
  format: Type.Optional(
    Type.Union(
      formats.map(format => Type.Literal(format)),
      { description: '`csv`, unless said otherwise, or `jsonl`: each row as JSON in a line of its own.' },
    ),
  ),
}

interface ShapeQuery {
  readonly separator?: string
  readonly columns?: string
  readonly format?: ExportShape['format']
}

/** The filters of an export, and the shape that its query asks for. Refuses columns that the list has not. */
export function splitQuery<Query extends ShapeQuery>(
  { separator, columns, format = 'csv', ...filters }: Query,
  header: readonly string[],
) {
  const shape: ExportShape = {
    format,
    columns: columnsOf(columns, header),
    separator: separatorOf(separator),
  }
  return { filters, shape }
}
