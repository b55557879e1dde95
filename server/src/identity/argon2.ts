import crypto from 'node:crypto'
import { promisify } from 'node:util'

/** What beside the password makes a tag (RFC 9106 section 3.1). */
export interface Argon2Parameters {
  readonly algorithm: 'argon2i' | 'argon2id'
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
  readonly salt: Buffer
  readonly tagBytes: number
}

/** Derives the tag of a password by Argon2 version 1.3, off the event loop. */
export type Argon2 = (password: string, parameters: Argon2Parameters) => Promise<Buffer>

type Library = Pick<typeof import('@node-rs/argon2'), 'hashRaw'>

/** The numbers of `@node-rs/argon2`, whose own enum exists in its types only. */
const algorithmNumbers = { argon2i: 1, argon2id: 2 } as const

export const argon2OfLibrary =
  ({ hashRaw }: Library): Argon2 =>
  (password, { algorithm, memoryKib, passes, parallelism, salt, tagBytes }) =>
    hashRaw(password, {
      algorithm: algorithmNumbers[algorithm],
      memoryCost: memoryKib,
      timeCost: passes,
      parallelism,
      salt,
      outputLen: tagBytes,
    })

export const argon2OfNode =
  (derive: typeof crypto.argon2): Argon2 =>
  (password, { algorithm, memoryKib, passes, parallelism, salt, tagBytes }) =>
    promisify(derive)(algorithm, {
      message: password,
      nonce: salt,
      parallelism,
      tagLength: tagBytes,
      memory: memoryKib,
      passes,
    })

/**
 * The native library; where it cannot be loaded, Node's own Argon2, which takes three times as long (ADR 0031). Rejects
 * with what the library says where there is neither: Node has its own from 24.7 on.
 */
export async function chooseArgon2(
  load: () => Promise<Library>,
  ofNode: typeof crypto.argon2 | undefined,
): Promise<{ readonly argon2: Argon2; readonly isNative: boolean }> {
  try {
    return { argon2: argon2OfLibrary(await load()), isNative: true }
  } catch (error) {
    if (ofNode === undefined) throw error
    return { argon2: argon2OfNode(ofNode), isNative: false }
  }
}

/** Chosen once, when this module is loaded. */
export const { argon2, isNative: isArgon2Native } = await chooseArgon2(
  () => import('@node-rs/argon2'),
  crypto.argon2,
)
