/**
 * JSON Schema (2020-12) with the TypeScript type of what it accepts: enough for the bodies of this API. The
 * library that does this for everything has seven hundred files, which were a fifth of our start.
 */
export interface Schema<Value = unknown> {
  /** Exists for the compiler only. */
  readonly [valueType]?: Value
  readonly [keyword: string]: unknown
}

declare const valueType: unique symbol
const isOptional: unique symbol = Symbol('optional')

interface OptionalSchema<Value> extends Schema<Value> {
  readonly [isOptional]: true
}

/** Keywords beside those that a builder sets: `minLength`, `description`, `$id`, our own `x-…` and so on. */
type Keywords = Readonly<Record<string, unknown>>
type Properties = Readonly<Record<string, Schema>>

/** What a value of the schema is to TypeScript. */
export type Static<S> = S extends Schema<infer Value> ? Value : never

type OptionalNames<P> = { [K in keyof P]: P[K] extends OptionalSchema<unknown> ? K : never }[keyof P]
type Flat<T> = { [K in keyof T]: T[K] } & {}
type ObjectOf<P> = Flat<
  { [K in Exclude<keyof P, OptionalNames<P>>]: Static<P[K]> } & { [K in OptionalNames<P>]?: Static<P[K]> }
>

interface ObjectSchema<P extends Properties> extends Schema<ObjectOf<P>> {
  readonly properties: P
}

const object = <const P extends Properties>(properties: P, keywords: Keywords = {}): ObjectSchema<P> => ({
  type: 'object',
  required: Object.keys(properties).filter(name => !(isOptional in properties[name]!)),
  properties,
  ...keywords,
})

/** The field may be absent. */
const optional = <S extends Schema>(schema: S): OptionalSchema<Static<S>> =>
  ({ ...schema, [isOptional]: true }) as OptionalSchema<Static<S>>

type AllOptional<P> = { readonly [K in keyof P]: P[K] extends Schema ? OptionalSchema<Static<P[K]>> : never }

/** The same fields, each of which may be absent; the keywords of the original are not taken over. */
const partial = <P extends Properties>(
  { properties }: ObjectSchema<P>,
  keywords?: Keywords,
): ObjectSchema<AllOptional<P>> => {
  const fields = Object.entries(properties).map(([name, schema]) => [name, optional(schema)])
  return object(Object.fromEntries(fields) as AllOptional<P>, keywords)
}

export const Type = {
  String: (keywords: Keywords = {}): Schema<string> => ({ type: 'string', ...keywords }),
  Integer: (keywords: Keywords = {}): Schema<number> => ({ type: 'integer', ...keywords }),
  Boolean: (keywords: Keywords = {}): Schema<boolean> => ({ type: 'boolean', ...keywords }),
  Null: (keywords: Keywords = {}): Schema<null> => ({ type: 'null', ...keywords }),
  Unknown: (keywords: Keywords = {}): Schema<unknown> => ({ ...keywords }),
  /** Accepts nothing; for a field whose presence deserves a sentence of its own. */
  Never: (keywords: Keywords = {}): Schema<never> => ({ not: {}, ...keywords }),
  Literal: <const V extends string | number | boolean>(value: V, keywords: Keywords = {}): Schema<V> => ({
    const: value,
    ...keywords,
  }),
  Enum: <const V extends string>(values: readonly V[], keywords: Keywords = {}): Schema<V> => ({
    type: 'string',
    enum: values,
    ...keywords,
  }),
  Array: <S extends Schema>(items: S, keywords: Keywords = {}): Schema<Static<S>[]> => ({
    type: 'array',
    items,
    ...keywords,
  }),
  Union: <const S extends readonly Schema[]>(
    anyOf: S,
    keywords: Keywords = {},
  ): Schema<Static<S[number]>> => ({
    anyOf,
    ...keywords,
  }),
  /** Text that a handler gives piece by piece; to whoever reads the answer it is one text. */
  TextStream: (keywords: Keywords = {}): Schema<AsyncIterable<string>> => ({ type: 'string', ...keywords }),
  /** An object whose fields have any name. */
  Record: <S extends Schema>(values: S, keywords: Keywords = {}): Schema<Record<string, Static<S>>> => ({
    type: 'object',
    additionalProperties: values,
    ...keywords,
  }),
  Object: object,
  Optional: optional,
  Partial: partial,
}
