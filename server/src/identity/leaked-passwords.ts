import { readFileSync } from 'node:fs'
import { assetPath } from '../assets.ts'
import { type LeakedPasswordsFile, openLeakedPasswords } from './leaked-passwords-file.ts'
import { foldCase } from './password-form.ts'

/** The passwords that attackers try first. */
export interface LeakedPasswords {
  /** Regardless of case, and of the keyboard layout that Russian keys were typed in. */
  has(normalised: string): boolean
}

/**
 * The list that ships with the server (see `server/assets/README.md`): every password of eight characters
 * or more among the million most common ones. The file is read, in about a millisecond, when the first
 * password is checked; so the start of the server does not wait for it.
 */
export function loadLeakedPasswords(): LeakedPasswords {
  let file: LeakedPasswordsFile | undefined
  return {
    has(normalised) {
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
