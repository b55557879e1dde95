import { type EpochMs, type Message, nameProblems, readName, type UserId } from '../kernel/index.ts'

/** The values of each kind of field, as the code handles them. Answers write instants as RFC 3339. */
interface Values {
  readonly id: UserId
  readonly email: string
  /** One line that a person reads; null when it is not given. */
  readonly text: string | null
  readonly flag: boolean
  readonly instant: EpochMs
  readonly optionalInstant: EpochMs | null
}

interface Rules {
  /** The column of `users`, and the name in bodies, answers, orderings, the audit and the CSV. */
  readonly column: string
  /**
   * The lowest that may set it: the owner (`PATCH /me/`, registration), an administrator (by rank), a superuser, nothing but
   * the server. A field that can be written is blanked when an account is erased.
   */
  readonly writer: 'owner' | 'administrator' | 'superuser' | 'server'
  /** Whether the list is searched in it. */
  readonly searched: boolean
  /** Whether the list can be ordered by it. A text that is has a column `<column>_key`, and every order an index. */
  readonly ordered: boolean
  /** The audit cannot forget: of a change it keeps both values, or only that there was one. */
  readonly audited: 'values' | 'that it changed'
  readonly exported: boolean
}

type Definition = Rules &
  (
    | { readonly kind: 'id'; readonly example: number }
    | { readonly kind: 'email' | 'instant' | 'optionalInstant'; readonly example: string }
    | {
        readonly kind: 'text'
        readonly maxCharacters: number
        readonly hasLines?: true
        readonly example: string | null
      }
    | { readonly kind: 'flag'; readonly initial: boolean; readonly example: boolean }
  )

const shown = { searched: false, ordered: true, exported: true } as const
const server = { ...shown, writer: 'server', audited: 'values' } as const
const flag = { ...shown, kind: 'flag', writer: 'superuser', audited: 'values', initial: false } as const
const text = { ...shown, kind: 'text', writer: 'owner', searched: true, audited: 'that it changed' } as const
const name = { ...text, maxCharacters: 150 } as const

/**
 * The fields of an account. Types, bodies, answers, rows, search, the audit, the export and erasure follow from this
 * table (docs/contributing.md, "A field of an account").
 */
export const accountFields = {
  id: { ...server, column: 'id', kind: 'id', example: 52 },
  email: {
    ...shown,
    column: 'email',
    kind: 'email',
    writer: 'administrator',
    searched: true,
    audited: 'values',
    example: 'anna.petrova@example.com',
  },
  /** Whether mail to the address has reached its owner: shown by the link or the code of one (ADR 45). */
  emailVerified: {
    ...server,
    ordered: false,
    column: 'email_verified',
    kind: 'flag',
    initial: false,
    example: true,
  },
  firstName: { ...name, column: 'first_name', example: 'Анна' },
  lastName: { ...name, column: 'last_name', example: 'Петрова' },
  middleName: { ...name, column: 'middle_name', example: null },
  /** For administrators alone: the owner is neither shown it nor can write it (`/me/`). */
  note: {
    kind: 'text',
    column: 'note',
    writer: 'administrator',
    searched: false,
    ordered: false,
    audited: 'that it changed',
    exported: true,
    maxCharacters: 2000,
    hasLines: true,
    example: null,
  },
  isActive: { ...flag, column: 'is_active', writer: 'administrator', initial: true, example: true },
  isStaff: { ...flag, column: 'is_staff', example: false },
  isSuperuser: { ...flag, column: 'is_superuser', example: false },
  dateJoinedMs: { ...server, column: 'date_joined', kind: 'instant', example: '2026-02-03T08:15:30.000Z' },
  lastLoginMs: {
    ...server,
    column: 'last_login',
    kind: 'optionalInstant',
    example: '2026-03-14T06:55:02.417Z',
  },
  /** The last write of the account: its fields, its password, the roles given to it. Not a sign-in, not what a role permits. */
  updatedAtMs: { ...server, column: 'updated_at', kind: 'instant', example: '2026-03-01T10:00:00.000Z' },
} as const satisfies Record<string, Definition>

export type AccountFields = typeof accountFields
export type AccountField = keyof AccountFields
type Where<Part> = {
  [Field in AccountField]: AccountFields[Field] extends Part ? Field : never
}[AccountField]

export type OwnField = Where<{ writer: 'owner' }>
export type WritableField = Exclude<AccountField, Where<{ writer: 'server' }>>
export type TextField = Where<{ kind: 'text' }>
export type OrderedField = Where<{ ordered: true }>
export type ColumnOf<Field extends AccountField> = AccountFields[Field]['column']

/** An account. Its password hash is never part of it: what is not here cannot leak into an answer. */
export type User = { readonly [Field in AccountField]: Values[AccountFields[Field]['kind']] }

/** What people say about themselves. */
export type OwnFields = Pick<User, OwnField>

export type WritableFields = Pick<User, WritableField>

export type NewUser = WritableFields & {
  readonly passwordHash: string
  /** False unless given. */
  readonly emailVerified?: boolean
}

/** Changes of an account that exists; absent fields stay as they are. */
export type UserChanges = Partial<WritableFields>

const fields = Object.keys(accountFields) as AccountField[]

export const definitionOf = (field: AccountField): Definition => accountFields[field]

export const isText = (field: AccountField): field is TextField => definitionOf(field).kind === 'text'

const fieldsWhere = (holds: (definition: Definition) => boolean): readonly AccountField[] =>
  fields.filter(field => holds(accountFields[field]))

export const exportedFields = fieldsWhere(({ exported }) => exported)
export const orderedFields = fieldsWhere(({ ordered }) => ordered) as readonly OrderedField[]
export const ownFields = fieldsWhere(({ writer }) => writer === 'owner') as readonly OwnField[]
export const textFields = fieldsWhere(({ kind }) => kind === 'text') as readonly TextField[]
export const superuserFields = fieldsWhere(({ writer }) => writer === 'superuser') as readonly WritableField[]
export const writableFields = fieldsWhere(({ writer }) => writer !== 'server') as readonly WritableField[]
const searchedFields = fieldsWhere(({ searched }) => searched)

export { fields as allFields }

const valueAtFirst = (field: WritableField): boolean | null => {
  const definition = definitionOf(field)
  return definition.kind === 'flag' ? definition.initial : null
}

/** What a new account has unless it is given otherwise. */
export const initialFields = Object.fromEntries(
  writableFields.filter(field => field !== 'email').map(field => [field, valueAtFirst(field)]),
) as Omit<WritableFields, 'email'>

export const pickOwnFields = (from: OwnFields): OwnFields =>
  Object.fromEntries(ownFields.map(field => [field, from[field]])) as unknown as OwnFields

/** The texts of an account that its owner gave: a password may not consist of them. */
export const ownTexts = (from: OwnFields): readonly (string | null)[] => ownFields.map(field => from[field])

/** What takes the place of a person's data: nothing, and no right. */
export const erasedFields = (email: string): WritableFields =>
  ({
    ...Object.fromEntries(
      writableFields.map(field => [field, definitionOf(field).kind === 'flag' ? false : null]),
    ),
    email,
  }) as WritableFields

/** What a search looks into, the same on both engines. */
export const searchTextOf = (user: WritableFields): string =>
  searchedFields
    .map(field => user[field as WritableField])
    .filter(Boolean)
    .join(' ')
    .toLowerCase()

/** The form in which a text is stored; a blank one is none. One that cannot be stored stays as it is, to be refused. */
export function normalizeText(field: TextField, presented: string | null): string | null {
  if (presented === null) return null
  const read = readName(asOneLine(field, presented), accountFields[field].maxCharacters)
  if ('key' in read) return presented
  return (hasLines(field) ? presented.normalize('NFC').replaceAll('\r\n', '\n').trim() : read.name) || null
}

export const validateText = (field: TextField, text: string): readonly Message[] =>
  nameProblems(asOneLine(field, text), accountFields[field].maxCharacters, true)

const hasLines = (field: TextField): boolean => 'hasLines' in accountFields[field]

/** The rules of a name hold for each line of a text that has several. */
const asOneLine = (field: TextField, text: string): string =>
  hasLines(field) ? text.replaceAll(/\r?\n/g, ' ') : text

/** Everything that is wrong with these texts, by column. */
export const validateTexts = (texts: Partial<User>): Record<string, readonly Message[]> =>
  Object.fromEntries(
    textFields.flatMap(field => {
      const faults = validateText(field, texts[field] ?? '')
      return faults.length > 0 ? [[accountFields[field].column, faults]] : []
    }),
  )

/** What would really change: a field set to the value that it has is no change, and needs no right. */
export const differencesOf = (before: User, wanted: UserChanges): UserChanges =>
  Object.fromEntries(
    writableFields.flatMap(field =>
      wanted[field] === undefined || wanted[field] === before[field] ? [] : [[field, wanted[field]]],
    ),
  )

const showsValues = (field: WritableField): boolean => definitionOf(field).audited === 'values'

/** A new account as the audit keeps it. */
export const describeAccount = (user: WritableFields): Record<string, unknown> =>
  Object.fromEntries(
    writableFields.filter(showsValues).map(field => [accountFields[field].column, user[field]]),
  )

/**
 * Old and new values for the audit. Of a name only that it changed: the audit cannot forget, and former names are not
 * needed to attribute an act.
 */
export const describeDifferences = (
  before: User,
  differences: UserChanges,
): Record<string, { from: unknown; to: unknown } | 'changed'> =>
  Object.fromEntries(
    writableFields.flatMap(field => {
      if (differences[field] === undefined) return []
      const shown = showsValues(field)
        ? { from: before[field], to: differences[field] }
        : ('changed' as const)
      return [[accountFields[field].column, shown]]
    }),
  )
