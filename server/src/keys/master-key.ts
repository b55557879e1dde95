import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import type { Random } from '../kernel/index.ts'

interface Places {
  readonly masterKey: Uint8Array | undefined
  readonly keyFile: string | undefined
  /** Whether nothing has been sealed yet. INVARIANT: where keys exist, a lost file is never replaced by a new one. */
  readonly isFirst: boolean
}

/**
 * The key that seals the private signing keys: from PROPUSK_MASTER_KEY, or from a file beside the SQLite
 * database, made by the first start with mode 600. Throws with one line that says what to do.
 */
export function readMasterKey({ masterKey, keyFile, isFirst }: Places, random: Random): Uint8Array {
  if (masterKey !== undefined) return masterKey
  if (keyFile === undefined) {
    throw new Error(
      'PROPUSK_MASTER_KEY is missing: on PostgreSQL the server needs it to open the signing keys. ' +
        'Make one with: openssl rand -base64 32',
    )
  }
  const kept = readKeyFile(keyFile)
  if (kept !== undefined) return kept
  if (isFirst) return makeKeyFile(keyFile, random)
  throw new Error(
    `The master key file ${keyFile} is missing, and the signing keys in the database were sealed with it. ` +
      'Restore it from your backup, or set PROPUSK_MASTER_KEY to the key that it held.',
  )
}

function readKeyFile(path: string): Uint8Array | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`The master key file ${path} cannot be read: ${(error as Error).message}`)
  }
  const key = Buffer.from(text.trim(), 'base64url')
  if (key.length !== 32) {
    throw new Error(
      `The master key file ${path} does not hold a key of 32 bytes. Restore it from your backup.`,
    )
  }
  // Somebody's copy may have lost the mode; others on the machine must not read it.
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
  return key
}

function makeKeyFile(path: string, random: Random): Uint8Array {
  const key = random.bytes(32)
  try {
    // `wx`: of two processes that start together one makes the file, the other reads it.
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, `${Buffer.from(key).toString('base64url')}\n`)
    fsyncSync(file)
    closeSync(file)
    return key
  } catch (error) {
    const existing = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readKeyFile(path) : undefined
    if (existing !== undefined) return existing
    throw new Error(`The master key file ${path} cannot be made: ${(error as Error).message}`)
  }
}
