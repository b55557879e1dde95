import { createHmac } from 'node:crypto'

/**
 * Names a password for the counter of one password tried on many accounts.
 *
 * INVARIANT: 16 bits of a keyed hash. One in 65,536 passwords has the mark of another, so a reader of the table, and of
 * the key too, learns next to nothing about a password from it. For a counter it is enough: a user does not meet a mark
 * by accident often enough to use up its free tries.
 */
export const createPasswordMark =
  (key: Uint8Array) =>
  (normalised: string): string =>
    createHmac('sha256', key).update(normalised).digest('hex').slice(0, 4)
