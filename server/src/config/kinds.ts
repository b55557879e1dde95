import Type from 'typebox'
import { printable } from '../kernel/index.ts'

/** What a setting's text means, or what is wrong with it: the rest of a sentence that begins with the setting's name. */
export type Parsed<Value> = { readonly value: Value } | { readonly fault: string }

/** Reads the text of one setting. INVARIANT: the parser of a secret never puts the text into its fault. */
export type Parse<Value> = (presented: string) => Parsed<Value>

/** A wrong value for a fault: on one line, harmless to a terminal and not longer than a person reads. */
export function quoted(presented: string): string {
  const shown = presented.length > 60 ? `${presented.slice(0, 60)}…` : presented
  return printable(JSON.stringify(shown))
}

/** A kind of value: what it is when it is read, how one writes it, and what documents call it. */
export interface Kind<Schema extends Type.TSchema = Type.TSchema> {
  readonly schema: Schema
  /** The unit or the form of a value, for a person. */
  readonly unit: string
  readonly parse: Parse<Type.Static<Schema>>
  /** The value as one would write it. */
  show(value: Type.Static<Schema>): string
}

export const kind = <Schema extends Type.TSchema>(
  schema: Schema,
  unit: string,
  parse: Parse<Type.Static<Schema>>,
  show: (value: Type.Static<Schema>) => string = String,
): Kind<Schema> => ({ schema, unit, parse, show })

/** The parser of one kind with its value made into another's. */
const mapped = <From, To>(parsed: Parsed<From>, map: (value: From) => To): Parsed<To> =>
  'fault' in parsed ? parsed : { value: map(parsed.value) }

/** A whole number in decimal digits, both bounds included. Other spellings (`1e3`, `0x1F`, `+1`, `08`) are refused. */
export const integer = (what: string, minimum: number, maximum: number) =>
  kind(Type.Integer({ minimum, maximum }), `${what}, ${minimum} to ${maximum}`, presented => {
    const value = /^(0|[1-9]\d{0,8})$/.test(presented) ? Number(presented) : Number.NaN
    if (value >= minimum && value <= maximum) return { value }
    return { fault: `${quoted(presented)} is not a whole number from ${minimum} to ${maximum}` }
  })

/** One of the words, spelt exactly. */
export const choice = <const Word extends string>(...words: Word[]) =>
  kind(Type.Enum(words), `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`, presented => {
    const value = words.find(word => word === presented)
    return value === undefined ? { fault: `${quoted(presented)} is not ${words.join(' or ')}` } : { value }
  })

const trueOrFalse = choice('true', 'false')

export const boolean = kind(Type.Boolean(), trueOrFalse.unit, presented =>
  mapped(trueOrFalse.parse(presented), word => word === 'true'),
)

/** A duration such as `30s`, `10m`, `24h` or `7d`, in seconds; both bounds, given in the same form, are included. */
export function duration(least: string, most: string) {
  const [minimum, maximum] = [boundSeconds(least), boundSeconds(most)]
  const unit = 'duration: a whole number with s, m, h or d'
  const parse: Parse<number> = presented => {
    const value = toSeconds(presented)
    if (value === undefined)
      return { fault: `${quoted(presented)} is not a whole number with a unit of s, m, h or d` }
    if (value < minimum) return { fault: `${quoted(presented)} is too short, ${least} is the least` }
    if (value > maximum) return { fault: `${quoted(presented)} is too long, ${most} is the most` }
    return { value }
  }
  return kind(Type.Integer({ minimum, maximum }), unit, parse, toDuration)
}

const secondsPerUnit = { d: 86_400, h: 3600, m: 60, s: 1 } as const

function toSeconds(presented: string): number | undefined {
  const [, count, unit] = /^(0|[1-9]\d{0,8})([smhd])$/.exec(presented) ?? []
  return count === undefined ? undefined : Number(count) * secondsPerUnit[unit as keyof typeof secondsPerUnit]
}

function boundSeconds(bound: string): number {
  const seconds = toSeconds(bound)
  if (seconds === undefined) throw new TypeError(`${bound} is not a duration`)
  return seconds
}

/** The shortest way to write it: `90s`, `2m`, `36h`, `7d`. */
function toDuration(seconds: number): string {
  const [unit, length] = Object.entries(secondsPerUnit).find(([, length]) => seconds % length === 0)!
  return `${seconds / length}${unit}`
}

/** The same kind, or undefined for a word such as `off`. */
function orWord<Schema extends Type.TSchema>(word: string, { schema, unit, parse, show }: Kind<Schema>) {
  type Value = Type.Static<Schema> | undefined
  const either = Type.Unsafe<Value>(Type.Union([Type.Undefined(), schema]))
  const parseEither: Parse<Value> = presented => {
    if (presented === word) return { value: undefined }
    const parsed = parse(presented)
    return 'fault' in parsed ? { fault: `${parsed.fault}, nor ${word}` } : parsed
  }
  const showEither = (value: Value) => (value === undefined ? word : show(value))
  return { schema: either, unit: `${unit}, or ${word}`, parse: parseEither, show: showEither }
}

export const orOff = <Schema extends Type.TSchema>(kind: Kind<Schema>) => orWord('off', kind)

/** How long something is kept, in seconds; undefined for `forever`. */
export const keeping = (least: string, most: string) => orWord('forever', duration(least, most))

/** So many at once, and as many again in so many seconds. */
interface Limit {
  readonly count: number
  readonly perSeconds: number
}

const limitCount = integer('count', 1, 100_000_000)
const limitSpan = duration('1s', '30d')

/** `COUNT/DURATION`, such as `600/1m`: 1 to 100,000,000 in 1s to 30d; undefined for `off`, which limits nothing. */
export const limit = orOff(
  kind(
    Type.Unsafe<Limit>(Type.Object({ count: limitCount.schema, perSeconds: limitSpan.schema })),
    'COUNT/DURATION',
    presented => {
      const [counted = '', spanned, ...rest] = presented.split('/')
      if (spanned === undefined || rest.length > 0)
        return { fault: `${quoted(presented)} is not COUNT/DURATION` }
      const count = limitCount.parse(counted)
      if ('fault' in count) return count
      return mapped(limitSpan.parse(spanned), perSeconds => Object.freeze({ count: count.value, perSeconds }))
    },
    ({ count, perSeconds }) => `${count}/${toDuration(perSeconds)}`,
  ),
)

/** What stands for something that is set and not shown. */
export const hidden = '***'

const keyBytes = 32

/** 32 bytes as 64 hexadecimal digits, base64 or base64url, padded or not. INVARIANT: no fault quotes the key, and nothing shows it. */
export const masterKey = kind(
  Type.Unsafe<Uint8Array | undefined>({}),
  '32 bytes in base64, base64url or 64 hexadecimal digits',
  presented => {
    // Hexadecimal first: 64 of its digits would also read as 48 bytes of base64.
    if (/^[0-9a-f]{64}$/i.test(presented)) return { value: Uint8Array.from(Buffer.from(presented, 'hex')) }
    const unpadded = presented.replace(/={1,2}$/, '')
    const bytes = Buffer.from(unpadded, 'base64')
    // One spelling per key: foreign characters and stray bits at the end are skipped by the decoder, not by us.
    const spellings = [bytes.toString('base64url'), bytes.toString('base64').replace(/=+$/, '')]
    if (!spellings.includes(unpadded)) return { fault: 'the key is not base64 or hexadecimal' }
    if (bytes.length !== keyBytes) return { fault: `the key has ${bytes.length} bytes, not ${keyBytes}` }
    return { value: Uint8Array.from(bytes) }
  },
  () => hidden,
)

/** Whether a key was probably typed by hand: 32 random bytes hold about thirty different ones, practically never under sixteen. */
export const looksTyped = (key: Uint8Array): boolean => new Set(key).size < 16
