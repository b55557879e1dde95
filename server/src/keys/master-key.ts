import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import type { Random } from '../kernel/index.ts'

interface Places {
  readonly masterKey: Uint8Array | undefined
  readonly keyFile: string | undefined
  /** Nothing has been encrypted yet. INVARIANT: where keys exist, a lost file is never replaced by a new one. */
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
  // A copy of the file may have lost its mode; other users of the machine must not read it.
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
  return key
}

/**
 * Written under another name first: the file appears whole or not at all, also after a crash. Of two processes that
 * start together one gives its file the name, the other reads it.
 */
function makeKeyFile(path: string, random: Random): Uint8Array {
  const key = random.bytes(32)
  const draft = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}`
  try {
    const file = openSync(draft, 'wx', 0o600)
    try {
      writeSync(file, `${Buffer.from(key).toString('base64url')}\n`)
      fsyncSync(file)
      // Unlike a rename, a link never takes the place of a file that is there.
      linkSync(draft, path)
      return key
    } finally {
      closeSync(file)
      unlinkSync(draft)
    }
  } catch (error) {
    const existing = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readKeyFile(path) : undefined
    if (existing !== undefined) return existing
    throw new Error(`The master key file ${path} cannot be made: ${(error as Error).message}`)
  }
}
