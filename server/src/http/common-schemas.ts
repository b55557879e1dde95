import { Type } from './schema.ts'

/** The `:id` of a path. */
export const IdParams = Type.Object({ id: Type.Integer({ minimum: 1 }) }, { additionalProperties: false })

/** An instant as answers show it: RFC 3339 in UTC. */
export const Instant = Type.String({ format: 'date-time' })

export const NullableText = Type.Union([Type.String(), Type.Null()])
