import Type, { type Static, type TSchema } from 'typebox'

export { type Static, type TSchema as Schema, Type }

/** A text that a handler gives piece by piece. For the caller it is one text. */
export const TextStream = () => Type.Unsafe<AsyncIterable<string>>({ type: 'string' })
