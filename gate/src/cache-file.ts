import { builtinModule } from './builtin-module.ts'
import { readSnapshot, type SnapshotClaims } from './signed-snapshot.ts'
import type { KeySetKey } from './web-signatures.ts'

/** The little of `node:fs/promises` that is needed here. */
interface Files {
  readFile(path: string, encoding: 'utf8'): Promise<string>
  writeFile(
    path: string,
    text: string,
    options: { readonly mode: number; readonly flag: 'wx' },
  ): Promise<void>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { readonly force: true }): Promise<void>
}

/** A snapshot as the server signed it, and the keys of the issuer when it came. */
interface Kept {
  readonly snapshot: string
  readonly keys: readonly KeySetKey[]
}

/** Roles and keys of so long ago say little about what is refused today. */
const goodForMs = 7 * 24 * 3_600_000
const ownerOnly = 0o600

/**
 * The last snapshot in a file of the service's own, for the case that the service restarts while its server cannot be reached.
 *
 * INVARIANT: nothing that was read from it allows anything. The keys stand in the file beside what they signed, so a process
 * that can write the file can forge it.
 */
export class CacheFile {
  readonly #path: string
  readonly #issuer: string
  readonly #files: Files

  /** Throws a TypeError where there are no files. */
  constructor(path: string, issuer: string) {
    const files = builtinModule<Files>('node:fs/promises')
    if (files === undefined)
      throw new TypeError('cacheFile is given, but this runtime has no files: leave it out')
    this.#path = path
    this.#issuer = issuer
    this.#files = files
  }

  /** Hands over what it holds, verified; nothing where there is no file. Rejects for one of no use, with what is wrong. */
  async read(take: (claims: SnapshotClaims) => Promise<void>): Promise<void> {
    try {
      const text = await this.#files.readFile(this.#path, 'utf8').catch(undefinedIfMissing)
      if (text !== undefined) await take(await this.#verify(JSON.parse(text) as Kept))
    } catch (cause) {
      throw new Error(`cacheFile ${this.#path} is ignored: ${messageOf(cause)}`, { cause })
    }
  }

  async #verify({ snapshot, keys }: Kept): Promise<SnapshotClaims> {
    const claims = await readSnapshot(snapshot, this.#issuer, async kid => keys.find(key => key.kid === kid))
    // Of the wall clock there is no other here; it opens nothing.
    const ageMs = Date.now() - claims.iat * 1000
    if (!(Math.abs(ageMs) <= goodForMs)) throw new Error(`it is ${Math.round(ageMs / 3_600_000)} hours old`)
    return claims
  }

  /** Replaces the file at once, so that no reader finds a part of it. Only the owner of the process may read it. */
  async write(snapshot: string, keys: readonly KeySetKey[]): Promise<void> {
    const written = `${this.#path}.${crypto.randomUUID()}.tmp`
    try {
      // A path that another process made must not be followed: `wx` refuses it.
      const text = JSON.stringify({ snapshot, keys } satisfies Kept)
      await this.#files.writeFile(written, text, { mode: ownerOnly, flag: 'wx' })
      await this.#files.rename(written, this.#path)
    } catch (cause) {
      await this.#files.rm(written, { force: true }).catch(() => {})
      throw new Error(`cacheFile ${this.#path} cannot be written: ${messageOf(cause)}`, { cause })
    }
  }
}

function undefinedIfMissing(cause: unknown): undefined {
  if ((cause as { readonly code?: unknown }).code !== 'ENOENT') throw cause
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
