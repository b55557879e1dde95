import { type Message, message } from './messages/message.ts'
import { invalidField } from './rejection.ts'

/**
 * What cannot be seen, or turns what stands beside it: controls, line and paragraph separators, everything that Unicode
 * lets a program pass over in silence (zero-width and bidi characters, fillers, variation selectors), and the blank
 * pattern of Braille.
 */
const invisible =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u

/** Code points. What is longer is not normalised: the cost grows faster than the text. */
const longest = 1_000

/**
 * A name in the one form in which it is kept: NFC, without white space around it. An empty text is one that says nothing.
 * Says why where it is no name: more than `limit` code points, or a character that a reader does not see.
 */
export function readName(presented: string, limit: number): { readonly name: string } | Message {
  if (presented.length > longest) return message('field.too_long', { limit })
  const name = presented.normalize('NFC').trim()
  if (invisible.test(name)) return message('name.invisible')
  // NFC takes some letters apart.
  return [...name].length > limit ? message('field.too_long', { limit }) : { name }
}

/** What is wrong with the name, as the rules of a body say it. */
export function nameProblems(presented: string, limit: number, mayBeBlank: boolean): readonly Message[] {
  const read = readName(presented, limit)
  if ('key' in read) return [read]
  return read.name === '' && !mayBeBlank ? [message('name.blank')] : []
}

/** The form in which a name is kept. One that cannot be kept stays as it is, to be rejected by `assertName`. */
export function normalName(presented: string, limit: number): string {
  const read = readName(presented, limit)
  return 'key' in read ? presented : read.name
}

/** Rejects with `invalid_request`, in `errors.name`, a text that is no name. */
export function assertName(name: string, limit: number): void {
  const problems = nameProblems(name, limit, false)
  if (problems.length > 0) throw invalidField('name', ...problems)
}

/**
 * Letters that look like a Latin one in either case, and the digits that look like a letter: from the data of Unicode
 * Technical Standard 39 for Latin, Cyrillic and Greek. Capital I and small l stay apart, since without case «mail» would be
 * «mall».
 */
const lookAlikes: Readonly<Record<string, string>> = {
  ...pairs('абвгезһіјкӏмнорсѕтухьԁԛԝѵ', 'a6bre3hijklmhopcstyxbdqwv'),
  ...pairs('αβεζηικμνορτυχ', 'abezhikmnoptyx'),
  ...pairs('01|ıɑɡ', 'olliag'),
}

function pairs(from: string, to: string): Record<string, string> {
  const images = [...to]
  return Object.fromEntries([...from].map((letter, index) => [letter, images[index]!]))
}

/** What two names have in common that a reader takes for the same: case, white space and look-alikes are folded. */
export const skeletonOf = (name: string): string =>
  [...name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFD')]
    .map(letter => lookAlikes[letter] ?? letter)
    .join('')
    .replace(/\s+/g, ' ')
    .trim()

/**
 * Text that may be shown on a terminal or in a line of text: control characters, line separators and marks that reorder
 * the line become `?`, so that a name or a setting cannot forge output or drive the terminal.
 */
export const printable = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '?')

/**
 * The Cyrillic letters of ten languages in the order in which their alphabets agree. Those that differ from one of these
 * by a mark alone (ё, ѓ, ї, ќ, ў) are ordered with it, as Unicode's root collation does.
 */
const cyrillic = 'абвгдђеєжзѕиійјклљмнњопрстћуфхцчџшщъыьэюя'

/** In the place of each of them a character of their order, since their code points are in another one. */
const firstOfCyrillic = 0x430

const letters: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...cyrillic].map((letter, index) => [letter, String.fromCharCode(firstOfCyrillic + index)]),
  ),
  ґ: String.fromCharCode(firstOfCyrillic + cyrillic.indexOf('г')),
  ς: 'σ',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ł: 'l',
}

/** Long enough to order names; what comes behind it is ordered by the whole name. */
const keyCharacters = 100

/** Below every character of a name. */
const separator = '\u0001'

/**
 * A text whose order, byte by byte, is the order in which people look for names: case and marks do not count, white space
 * and signs come before digits, digits before letters, Latin before Cyrillic. So both engines order alike, and cursors go
 * by it. The name itself stands behind it: it orders what is otherwise equal (Артем, Артём), and tells whether a stored
 * key is that of the name beside it (ADR 33). Null for no name.
 */
export function nameKeyOf(name: string | null): string | null {
  if (name === null || name === '') return null
  const folded = name
    .normalize('NFC')
    // й is a letter of its own, and no и with a mark.
    .replace(/[^йЙ]+/g, part => part.normalize('NFD').replace(/\p{M}/gu, ''))
    .toUpperCase()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[\p{P}\p{S}]/gu, '!')
  const primary = [...folded]
    .slice(0, keyCharacters)
    .map(letter => letters[letter] ?? letter)
    .join('')
  return primary + separator + name
}
