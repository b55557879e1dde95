import Papa from 'papaparse'

/** The columns that an import knows, by their names in the API. */
export const importColumns = [
  'email',
  'first_name',
  'last_name',
  'middle_name',
  'roles',
  'is_active',
  'note',
] as const

export type ImportColumn = (typeof importColumns)[number]

/** A row of the file, as it would be sent. */
export interface ImportRow {
  /** As a spreadsheet numbers it: the heads are line 1. */
  readonly line: number
  readonly email: string
  readonly first_name?: string
  readonly last_name?: string
  readonly middle_name?: string
  readonly note?: string
  readonly roles: readonly string[]
  readonly is_active: boolean
  /** What is wrong with it already. */
  readonly fault?: 'notBoolean' | 'twice' | 'tooLong'
}

export interface ReadFile {
  readonly rows: readonly ImportRow[]
  /** Heads of columns that nothing is taken from. */
  readonly ignored: readonly string[]
  readonly fault?: 'empty' | 'noEmail' | 'tooMany' | 'malformed'
}

/** More than these are imported in several files. */
export const mostRows = 5000
/** More than any field takes. */
const mostCharacters = 4000

/** Heads as people write them, in both languages, without regard to case, spaces and marks. */
const spellings: Readonly<Record<ImportColumn, readonly string[]>> = {
  email: ['email', 'emailaddress', 'mail', 'почта', 'элпочта', 'электроннаяпочта', 'адресэлпочты'],
  first_name: ['firstname', 'givenname', 'имя'],
  last_name: ['lastname', 'familyname', 'surname', 'фамилия'],
  middle_name: ['middlename', 'patronymic', 'отчество'],
  roles: ['roles', 'role', 'роли', 'роль'],
  is_active: ['isactive', 'active', 'активен', 'активна', 'состояние'],
  note: ['note', 'notes', 'comment', 'заметка', 'примечание', 'комментарий'],
}

const columnOf = (head: string): ImportColumn | undefined => {
  const bare = head.toLowerCase().replaceAll(/[^\p{L}\d]/gu, '')
  return importColumns.find(column => spellings[column].includes(bare))
}

const truths: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, '1': true, да: true, active: true, активен: true, '': true },
  ...{ false: false, no: false, '0': false, нет: false, deactivated: false, деактивирован: false },
}

/** Reads a file or what was pasted: CSV with a comma, a semicolon or a tab, the first line with the heads. */
export function readPeople(text: string): ReadFile {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, '').trim(), {
    skipEmptyLines: 'greedy',
  })
  const [heads = [], ...lines] = data
  const columns = heads.map(columnOf)
  const ignored = heads.filter((_, index) => columns[index] === undefined)
  const nothing = (fault: NonNullable<ReadFile['fault']>): ReadFile => ({ rows: [], ignored, fault })
  if (errors.some(({ type }) => type === 'Quotes')) return nothing('malformed')
  if (!columns.includes('email')) return nothing('noEmail')
  if (lines.length === 0) return nothing('empty')
  if (lines.length > mostRows) return nothing('tooMany')
  const seen = new Set<string>()
  const rows = lines.map((cells, index) => {
    const row = toRow(index + 2, cells, columns)
    const address = row.email.toLowerCase()
    const isTwice = address !== '' && seen.has(address)
    seen.add(address)
    return isTwice && row.fault === undefined ? { ...row, fault: 'twice' as const } : row
  })
  return { rows, ignored }
}

function toRow(
  line: number,
  cells: readonly string[],
  columns: readonly (ImportColumn | undefined)[],
): ImportRow {
  const cell = (column: ImportColumn): string => cells[columns.indexOf(column)]?.trim() ?? ''
  const texts = (['first_name', 'last_name', 'middle_name', 'note'] as const)
    .map(column => [column, cell(column)] as const)
    .filter(([, value]) => value !== '')
  const active = truths[cell('is_active').toLowerCase()]
  const isTooLong = cells.some(value => value.length > mostCharacters)
  return {
    line,
    email: cell('email').slice(0, mostCharacters),
    ...(Object.fromEntries(texts) as Partial<ImportRow>),
    roles: [
      ...new Set(
        cell('roles')
          .split(/[,;|\s]+/)
          .filter(Boolean),
      ),
    ],
    is_active: active ?? true,
    ...(active === undefined && { fault: 'notBoolean' as const }),
    ...(isTooLong && { fault: 'tooLong' as const }),
  }
}

/** A table as a spreadsheet opens it; a text that it would run as a formula gets an apostrophe. */
export const toCsvFile = (rows: readonly Readonly<Record<string, string>>[]): Blob =>
  new Blob(['\uFEFF', Papa.unparse([...rows], { escapeFormulae: true, quotes: true })], {
    type: 'text/csv;charset=utf-8',
  })
