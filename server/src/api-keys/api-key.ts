import { createHash, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ApiKeyId, EpochMs, PermissionName, Random, UserId } from '../kernel/index.ts'

/** A key as its owner and administrators see it. The secret is stored nowhere. */
export interface ApiKey {
  readonly id: ApiKeyId
  readonly name: string
  /** The public beginning of the key, by which people recognise it in a configuration. */
  readonly prefix: string
  /** Code names, sorted. */
  readonly roles: readonly string[]
  /** Granted beside those of the roles. Sorted. */
  readonly permissions: readonly PermissionName[]
  readonly ownerId: UserId
  readonly createdAtMs: EpochMs
  /** Null is never. */
  readonly expiresAtMs: EpochMs | null
  readonly lastUsedAtMs: EpochMs | null
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const label = 'propusk_'
const idLength = 12
/** 43 characters of 62 are 256 bits. */
const secretLength = 43
const checkLength = 6

const wellFormed = new RegExp(`^${label}[0-9A-Za-z]{${idLength + secretLength + checkLength}}$`)

/** SECRET: the whole key. Letters and digits only, so that a double click selects it. */
export interface MintedKey {
  readonly key: string
  readonly prefix: string
  readonly hash: string
}

/**
 * A new secret for a key: `propusk_`, 12 characters that find it, 43 that prove it, and the CRC-32 of all of them in 6.
 * By the label and the check a secret scanner knows a leaked key from any other text, without asking this server.
 */
export function mintKey(random: Random, prefix = label + randomText(random, idLength)): MintedKey {
  const unchecked = prefix + randomText(random, secretLength)
  const key = unchecked + checkOf(unchecked)
  return { key, prefix, hash: hashOf(key) }
}

/** Whether a Bearer token claims to be an API key. No access token does: those begin with a JSON object in base64url. */
export const isApiKey = (token: string): boolean => token.startsWith(label)

/** The prefix and the hash of a presented key; undefined where it is not well formed, such as one that was cut off. */
export function readKey(presented: string): { readonly prefix: string; readonly hash: string } | undefined {
  if (!wellFormed.test(presented)) return undefined
  const unchecked = presented.slice(0, -checkLength)
  if (presented.slice(-checkLength) !== checkOf(unchecked)) return undefined
  return { prefix: presented.slice(0, label.length + idLength), hash: hashOf(presented) }
}

/** Takes as long whatever the hashes are. */
export const isSameHash = (presented: string, stored: string): boolean =>
  presented.length === stored.length && timingSafeEqual(Buffer.from(presented), Buffer.from(stored))

/** A plain hash will do: nothing can be guessed among 256 random bits. */
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

function checkOf(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let index = 0; index < checkLength; index += 1) {
    digits = base62[rest % 62]! + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

/** Evenly distributed: bytes beyond the last whole multiple of 62 are thrown away. */
function randomText(random: Random, length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of random.bytes(length)) {
      if (byte < 248 && text.length < length) text += base62[byte % 62]!
    }
  }
  return text
}
