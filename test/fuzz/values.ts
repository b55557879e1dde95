import type { Chance } from './chance.ts'
import { oddNumbers, oddTexts, oddValues } from './oddities.ts'
import type { FieldSchema } from './operations.ts'
import type { Supplies } from './supplies.ts'

export interface Source {
  readonly chance: Chance
  readonly supplies: Supplies
}

/** What a field of this name means, so that most requests get past the door and into the rooms. */
const byName: Readonly<Record<string, (source: Source) => unknown>> = {
  email: ({ supplies }) => supplies.email(),
  password: ({ supplies }) => supplies.password(),
  password2: ({ supplies }) => supplies.password(),
  current_password: ({ supplies }) => supplies.password(),
  refresh: ({ supplies }) => supplies.refreshToken(),
  user_id: ({ supplies }) => supplies.id('users'),
  actor: ({ supplies }) => supplies.id('users'),
  target: ({ supplies }) => `users/${supplies.id('users')}`,
  code_name: ({ supplies, chance }) => (chance.often(0.8) ? supplies.fresh() : supplies.codeName('roles')),
  name: ({ supplies }) => supplies.fresh(),
  role: ({ supplies }) => supplies.codeName('roles'),
  resource: ({ supplies }) => supplies.codeName('resources'),
  action: ({ supplies }) => supplies.codeName('actions'),
  cursor: ({ supplies }) => supplies.cursor(),
  ordering: ({ chance }) =>
    chance.pick(['', '-']) + chance.pick(['id', 'name', 'email', 'created_at', 'nothing']),
  roles: source => several(source, () => source.supplies.codeName('roles')),
  permissions: source => several(source, () => source.supplies.permission()),
}

const several = <T>({ chance }: Source, make: () => T): readonly T[] => [
  ...new Set(Array.from({ length: chance.below(4) }, make)),
]

const typeOf = ({ chance }: Source, { type = 'string' }: FieldSchema): string =>
  typeof type === 'string' ? type : chance.pick(type)

/** A value that fits the schema, or nearly: what its name means counts more than its bounds. */
export function makeValue(source: Source, name: string, schema: FieldSchema): unknown {
  const { chance } = source
  const known = byName[name]
  if (known !== undefined && chance.often(0.9)) return known(source)
  if (schema.enum !== undefined) return chance.pick(schema.enum)
  if (schema.const !== undefined) return schema.const
  if (schema.anyOf !== undefined) return makeValue(source, name, chance.pick(schema.anyOf))
  switch (typeOf(source, schema)) {
    case 'object':
      return objectOf(source, schema)
    case 'array':
      return several(source, () => makeValue(source, '', schema.items ?? {}))
    case 'integer':
    case 'number':
      return (schema.minimum ?? 0) + chance.below(Math.min(schema.maximum ?? 300, 300))
    case 'boolean':
      return chance.often(0.5)
    case 'null':
      return null
    default:
      return textOf(source, schema)
  }
}

function textOf({ chance }: Source, { format, maxLength = 100 }: FieldSchema): string {
  if (format === 'date-time') return chance.pick(['2026-01-01T00:00:00Z', '2030-01-01T00:00:00+03:00'])
  return chance.often(0.5) ? chance.pick(oddTexts) : 'ж'.repeat(chance.below(maxLength + 2))
}

/** An object with every required field and some of the others. A second password is the first one again, mostly. */
export function objectOf(source: Source, { properties = {}, required = [] }: FieldSchema) {
  const { chance } = source
  const made: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(properties)) {
    if (!required.includes(name) && (schema.not !== undefined || chance.often(0.5))) continue
    made[name] = name === 'password2' && chance.often(0.8) ? made.password : makeValue(source, name, schema)
  }
  return made
}

export const oddValue = ({ chance }: Source): unknown =>
  chance.pick<unknown>([chance.pick(oddTexts), chance.pick(oddNumbers), chance.pick(oddValues)])
