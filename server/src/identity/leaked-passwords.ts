import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { assetPath } from '../assets.ts'
import { foldCase } from './password-policy.ts'

export type LeakedPasswords = ReturnType<typeof loadLeakedPasswords>

/**
 * The passwords that attackers try first: those of eight characters or more among the million most common ones. The list
 * ships with the server (ADR 11; `server/assets/README.md`). The file is read, in about a millisecond, when the first password
 * is checked; so the start of the server does not wait for it.
 */
export function loadLeakedPasswords() {
  let file: ReturnType<typeof openLeakedPasswords> | undefined
  return {
    /** Regardless of case, and of the keyboard layout that Russian keys were typed in. */
    has(normalised: string): boolean {
      file ??= openLeakedPasswords(readFileSync(assetPath('leaked-passwords.bin')))
      return file.has(normalised) || file.has(onLatinKeys(foldCase(normalised)))
    },
  }
}

const russianKeys = 'ёйцукенгшщзхъфывапролджэячсмитьбю'
const latinKeys = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."

const latinKeyOf = new Map(Array.from(russianKeys, (key, index) => [key, latinKeys[index]!]))

/**
 * What the same keys type in the Latin layout. Published lists are nearly all Latin, and hold the passwords
 * of Russian speakers in this form: `пароль123` is there as `gfhjkm123`, `йцукенгш` as `qwertyui`.
 */
const onLatinKeys = (folded: string): string => folded.replace(/[а-яё]/g, key => latinKeyOf.get(key) ?? key)

/** Five bytes of hash for each password. */
const prefixBytes = 5

const firstLine =
  /^propusk-leaked-passwords version=1 prefix_bytes=5 count=(\d{1,8}) source=[\x20-\x7e]{1,500}$/

/**
 * A set of passwords as it ships: truncated SHA-256 of each one in lower case, sorted, behind one line of text. `source`
 * says where the passwords come from, in printable ASCII; it stays readable with `head -1`.
 */
export function encodeLeakedPasswords(normalised: Iterable<string>, source: string): Buffer {
  const prefixes = Float64Array.from(new Set(Array.from(normalised, prefixOf))).sort()
  const line = `propusk-leaked-passwords version=1 prefix_bytes=${prefixBytes} count=${prefixes.length} source=${source}`
  if (!firstLine.test(line))
    throw new TypeError('The source of the list must be 1 to 500 printable ASCII characters')
  const table = Buffer.alloc(prefixes.length * prefixBytes)
  for (const [index, prefix] of prefixes.entries())
    table.writeUIntBE(prefix, index * prefixBytes, prefixBytes)
  return Buffer.concat([Buffer.from(`${line}\n`, 'latin1'), table])
}

/** Throws when the file is not such a set or was cut short: an empty list would accept every password. */
export function openLeakedPasswords(file: Buffer) {
  const end = file.indexOf('\n')
  const match = firstLine.exec(file.toString('latin1', 0, Math.max(end, 0)))
  const table = file.subarray(end + 1)
  const count = Number(match?.[1])
  if (match === null || count === 0 || table.length !== count * prefixBytes) {
    throw new Error('The list of leaked passwords is damaged: restore server/assets/leaked-passwords.bin')
  }
  return {
    count,
    /** Regardless of case. May say yes wrongly, once in 2^40 / count: two million for half a million entries. */
    has: (normalised: string): boolean => includes(table, count, prefixOf(normalised)),
  }
}

// 40 bits are a safe integer, so prefixes compare as numbers.
const prefixOf = (normalised: string): number =>
  hash('sha256', foldCase(normalised), 'buffer').readUIntBE(0, prefixBytes)

function includes(table: Buffer, count: number, wanted: number): boolean {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = table.readUIntBE(middle * prefixBytes, prefixBytes)
    if (found === wanted) return true
    if (found < wanted) low = middle + 1
    else high = middle
  }
  return false
}
