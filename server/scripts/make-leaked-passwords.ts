/**
 * Makes server/assets/leaked-passwords.bin from text files with one password on each line:
 *
 *   npx --no node server/scripts/make-leaked-passwords.ts SOURCE FILE...
 *
 * SOURCE is the text for the file's first line. The same input gives the same bytes. Which files the shipped
 * list was made from, and under which licence, stands in server/assets/README.md.
 *
 * Passwords of less than eight characters are left out: the policy never accepts one, whatever its setting.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { encodeLeakedPasswords, openLeakedPasswords } from '../src/identity/leaked-passwords.ts'
import { countCharacters, normalisePassword } from '../src/identity/password-policy.ts'

const least = 8
const target = new URL('../assets/leaked-passwords.bin', import.meta.url)

const [source, ...paths] = process.argv.slice(2)
if (source === undefined || paths.length === 0) {
  console.error('Usage: make-leaked-passwords.ts SOURCE FILE...')
  process.exit(2)
}

const passwords = paths
  .flatMap(path => readFileSync(path, 'utf8').split(/\r?\n/))
  .map(normalisePassword)
  .filter(password => countCharacters(password) >= least)
const file = encodeLeakedPasswords(passwords, source)
writeFileSync(target, file)
console.log(`${openLeakedPasswords(file).count} passwords, ${file.length} bytes`)
