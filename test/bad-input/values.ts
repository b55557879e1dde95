/** The parts of a JSON Schema that say which values do not fit. */
export interface FieldSchema {
  readonly type?: string
  readonly format?: string
  readonly maxLength?: number
  readonly maximum?: number
  readonly items?: FieldSchema
  readonly anyOf?: readonly FieldSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, FieldSchema>>
  readonly required?: readonly string[]
}

const typesOf = (schema: FieldSchema): readonly string[] =>
  schema.anyOf?.flatMap(typesOf) ??
  (schema.type === undefined
    ? [...new Set((schema.enum ?? [schema.const]).map(each => typeof each))]
    : [schema.type])

const samplesByType: Readonly<Record<string, readonly unknown[]>> = {
  null: [null],
  number: [42, -1.5, 1e300],
  boolean: [true, false],
  string: ['text', ''],
  array: [[], ['text'], [null], [[['text']]]],
  object: [{}, { $ne: 1 }, { text: 'text' }],
}

/** JSON values that a field of this schema cannot take. Each is the text of the value, as it stands in the body. */
export function badValues(schema: FieldSchema): string[] {
  const taken = typesOf(schema)
  const foreign = Object.entries(samplesByType)
    .filter(([type]) => !taken.includes(type) && !(type === 'number' && taken.includes('integer')))
    .flatMap(([, values]) => values)
    .map(value => JSON.stringify(value))
  if (taken.includes('string')) foreign.push('"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"')
  if (taken.includes('integer'))
    foreign.push('1.5', '-1', '0', '1e400', '9223372036854775808', '9007199254740993', '"1"')
  const longest = Math.max(...[schema, ...(schema.anyOf ?? [])].map(each => each.maxLength ?? -1))
  if (longest > 0 && longest < 60_000) foreign.push(JSON.stringify('x'.repeat(longest + 1)))
  if (schema.items !== undefined) foreign.push(...badValues(schema.items).map(value => `[${value}]`))
  if (schema.enum !== undefined || schema.anyOf?.every(each => each.const !== undefined)) {
    foreign.push('"no-such-choice"')
  }
  return foreign
}

/** Ids that are none, as they stand in a path or a query: percent-encoded where they must be. */
export const badIds = [
  ...[
    '9223372036854775808',
    '9223372036854775807',
    '9007199254740992',
    '18446744073709551617',
    '-1',
    '0',
    '-0',
  ],
  ...['1e3', '0x1', '0b1', '01', '+1', '1.0', '1.', '1_000', '1,2', '1;2', 'NaN', 'null', 'true', 'x'],
  ...['%201', '1%20', '1%0A', '1%00', '%00', '%D9%A3', '%EF%BC%91', '__proto__', 'constructor', '1%27--'],
]

/** Query values, percent-encoded, that a parameter of this schema cannot take. */
export function badParameters(name: string, schema: FieldSchema): string[] {
  const bad = ['%00', 'a%00b']
  const types = typesOf(schema)
  if (types.includes('integer')) {
    bad.push('', '1.5', ...badIds)
    if (schema.maximum !== undefined) bad.push(String(schema.maximum + 1))
  }
  if (types.includes('boolean')) bad.push('', '1', '0', 'yes', 'TRUE', 'True', 'null', 'true%20')
  if (schema.format === 'date-time') {
    bad.push(
      '',
      'yesterday',
      '0',
      '2026-13-01T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-01-01',
      '2026-01-01T00:00:00',
    )
  }
  if (schema.maxLength !== undefined) bad.push('x'.repeat(schema.maxLength + 1))
  if (schema.enum !== undefined || schema.anyOf !== undefined) bad.push('no-such-choice', '')
  return [...bad, ...(badByName[name] ?? [])]
}

const badByName: Readonly<Record<string, readonly string[]>> = {
  cursor: [
    '',
    'x',
    '%27%20OR%201=1--',
    'AAAA',
    'bnVsbA',
    'W10',
    'WyJhZnRlciIsMSwxXQ',
    '%D1%8F',
    '=',
    'A'.repeat(2000),
  ],
  ordering: [
    '',
    '-',
    '--id',
    'ID',
    'id,email',
    'id;',
    'id%20desc',
    'password',
    'search_text',
    'constructor',
    '__proto__',
  ],
}
