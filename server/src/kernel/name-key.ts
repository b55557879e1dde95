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
