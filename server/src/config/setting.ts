import type Type from 'typebox'
import type { Kind } from './kinds.ts'

interface Facts<Value> {
  readonly name: `PROPUSK_${string}`
  /** Read like a value from outside; undefined when nothing, or another setting, takes its place. */
  readonly default: string | undefined
  /** The field of an earlier setting whose value it has where it is not set. */
  readonly follows?: 'publicUrl'
  /** One sentence, for a person. */
  readonly meaning: string
  /** A value that works, where the default does not say enough; for a secret, a way to make one. */
  readonly example?: string
  /** Shown only as set or not set. */
  readonly isSecret?: true
  /** Whether an empty text is a value. Elsewhere it is a mistake, not the default: half a line was lost. */
  readonly mayBeEmpty?: true
  /** Nodes on one database that differ in it refuse each other's tokens. */
  readonly isSameOnAllNodes?: true
  /** What follows the name in a warning about a value that is accepted but unwise. It holds no secret. */
  warn?(value: Value): string | false
}

/** One setting: what documents and `--help` say about it, and how its text is read and shown. */
export interface Setting<Schema extends Type.TSchema = Type.TSchema>
  extends Kind<Schema>,
    Facts<Type.Static<Schema>> {
  readonly example: string
}

/** An entry of a table of settings. */
export const setting = <Schema extends Type.TSchema>(
  kind: Kind<Schema>,
  facts: Facts<Type.Static<Schema>>,
): Setting<Schema> => ({ example: facts.default ?? '', ...kind, ...facts })
