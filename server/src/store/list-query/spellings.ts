/**
 * The other ways to write a word of a name: in the other alphabet, in the other keyboard layout, with е for ё (ADR 52).
 * Passports follow ICAO Doc 9303, part 3, section 6 B («Юлия» is Iuliia); people and newspapers follow BGN/PCGN (Yuliya),
 * or what is short (Yulia, Julia). None of them can be read backwards: «Olga» has lost its soft sign. So each letter has
 * its usual spellings, the most likely one first, and the likeliest words of them are taken.
 */

/** So many of each kind are searched for. */
const most = { ownAlphabet: 6, otherAlphabet: 12, otherLayoutAndAlphabet: 4 }

/** Two letters of one alphabet mean too many in the other layout. */
const shortestInOtherLayout = 3

/** What is longer is no word of a name. */
const longest = 40

/** A piece of a word, and how it may be written, the most likely one first. */
type Rule = readonly [piece: RegExp, ...spellings: string[]]

const vowel = '[аеёиоуыэюя]'

function eachLetter(letters: Readonly<Record<string, string>>): readonly (readonly [RegExp, string])[] {
  return Object.entries(letters).map(([letter, spelling]) => [new RegExp(letter, 'y'), spelling])
}

/** The first rule that fits is taken, and a letter without a rule stays. Lookbehinds and `$` see the whole word. */
const toLatin: readonly Rule[] = [
  [/[иы]й$/y, 'y', 'iy', 'ii', 'i', 'yy', 'yi'],
  [/и$/y, 'i', 'y'],
  [/ия/y, 'ia', 'iya', 'iia', 'ija'],
  [/ь(?=[ио])/y, '', 'y'],
  [/[ьъ][её]/y, 'ye', 'ie', 'yo', 'e'],
  [/[ьъ]/y, ''],
  [/кс/y, 'ks', 'x'],
  [/щ/y, 'shch', 'sch'],
  [/х/y, 'kh', 'h'],
  [/ц/y, 'ts', 'c', 'tc'],
  [/ч/y, 'ch'],
  [/ш/y, 'sh'],
  [/ж/y, 'zh', 'j'],
  [/ю/y, 'yu', 'iu', 'ju'],
  [/я/y, 'ya', 'ia', 'ja'],
  [/й/y, 'y', 'i', 'j'],
  [new RegExp(`(?<=^|${vowel})е`, 'y'), 'e', 'ye', 'ie'],
  [/(?<=[чшщж])ё/y, 'e', 'yo', 'o'],
  [/ё/y, 'e', 'yo', 'io'],
  ...eachLetter({
    ...{ а: 'a', б: 'b', г: 'g', д: 'd', е: 'e', з: 'z', и: 'i', л: 'l', м: 'm', н: 'n', о: 'o' },
    ...{ п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', ы: 'y', э: 'e' },
  }),
  [/^в/y, 'v', 'w'],
  [/в/y, 'v'],
  [/к/y, 'k', 'c'],
]

const latinVowel = '[aeiouy]'
const afterConsonant = '(?<=[bcdfghjklmnpqrstvwxz])'
const beforeConsonant = '(?=[bcdfghkmnpqrstvwxz])'

const toCyrillic: readonly Rule[] = [
  [/s(?:hc|c)h/y, 'щ', 'ш'],
  [/zh/y, 'ж'],
  [/kh/y, 'х'],
  [/t[sc]/y, 'ц', 'тс'],
  [/t?ch/y, 'ч'],
  [/sh/y, 'ш'],
  [/ph/y, 'ф'],
  [/ck/y, 'к'],
  [/i[yij]a/y, 'ия', 'ья'],
  [/i[yij]e/y, 'ие', 'ье'],
  [/iy|ii|ij/y, 'ий'],
  [/y[yi]/y, 'ый'],
  [new RegExp(`${afterConsonant}ya`, 'y'), 'я', 'ья'],
  [new RegExp(`${afterConsonant}ia`, 'y'), 'ия', 'ья', 'я'],
  [new RegExp(`${afterConsonant}ye`, 'y'), 'ье', 'ьё', 'е'],
  [new RegExp(`${afterConsonant}ie`, 'y'), 'ье', 'ие', 'ьё'],
  [new RegExp(`${afterConsonant}yo`, 'y'), 'ё', 'ьё', 'ьо', 'е'],
  [new RegExp(`${afterConsonant}io`, 'y'), 'ио', 'ё'],
  [new RegExp(`${afterConsonant}yu`, 'y'), 'ю', 'ью'],
  [new RegExp(`${afterConsonant}iu`, 'y'), 'ю', 'ью', 'иу'],
  [/[yij]a/y, 'я'],
  [/[yi]e/y, 'е', 'ё'],
  [/[yij]o/y, 'ё', 'йо', 'е'],
  [/[yij]u/y, 'ю'],
  [new RegExp(`(?<=${latinVowel})[yij]`, 'y'), 'й', 'и'],
  [/y$/y, 'ий', 'ы', 'ый', 'и'],
  [/y/y, 'ы', 'и', 'й'],
  [/x/y, 'кс', 'х'],
  [new RegExp(`(?<=^|${latinVowel})e`, 'y'), 'е', 'э'],
  [/e/y, 'е', 'ё'],
  [/h/y, 'х', 'г'],
  [/c/y, 'к', 'ц', 'с'],
  [/j/y, 'й', 'ж', 'дж'],
  [new RegExp(`l${beforeConsonant}`, 'y'), 'л', 'ль'],
  [/['’]/y, 'ь', 'ъ'],
  ...eachLetter({ d: 'д', n: 'н', r: 'р', s: 'с', t: 'т', z: 'з' }).map(
    ([piece, spelling]): Rule => [new RegExp(piece.source + beforeConsonant, 'y'), spelling, `${spelling}ь`],
  ),
  ...eachLetter({
    ...{ a: 'а', b: 'б', d: 'д', f: 'ф', g: 'г', i: 'и', k: 'к', l: 'л', m: 'м', n: 'н', o: 'о' },
    ...{ p: 'п', q: 'к', r: 'р', s: 'с', t: 'т', u: 'у', v: 'в', w: 'в', z: 'з' },
  }),
]

const withYo: readonly Rule[] = [
  [/ё/y, 'е'],
  [/е/y, 'е', 'ё'],
]

/** The keys of both layouts, as they stand on the keyboard. */
const latinKeys = `qwertyuiop[]asdfghjkl;'zxcvbnm,./\`@`
const cyrillicKeys = `йцукенгшщзхъфывапролджэячсмитьбю.ё"`

const isCyrillic = (word: string): boolean => /[а-яё]/.test(word)
const isLatin = (word: string): boolean => /[a-z]/.test(word)

/** A word in lower case, and every other way to write it that is searched for. The word itself comes first. */
export function spellingsOf(word: string): readonly string[] {
  if (word.length > longest) return [word]
  const otherLayout = inOtherLayout(word)
  return [
    ...new Set([
      word,
      ...rewrite(word, withYo, most.ownAlphabet),
      ...inOtherAlphabet(word, most.otherAlphabet),
      ...otherLayout.flatMap(typed => [
        ...rewrite(typed, withYo, most.ownAlphabet),
        ...inOtherAlphabet(typed, most.otherLayoutAndAlphabet),
      ]),
    ]),
  ]
}

/** An address, or a part of one, has one spelling. A word of both alphabets has none that is right. */
function inOtherAlphabet(word: string, atMost: number): readonly string[] {
  if (/[@.\d]/.test(word) || isCyrillic(word) === isLatin(word)) return []
  return rewrite(word, isCyrillic(word) ? toLatin : toCyrillic, atMost)
}

function inOtherLayout(word: string): readonly string[] {
  if (word.includes('@') || word.length < shortestInOtherLayout || isCyrillic(word) === isLatin(word))
    return []
  const [from, to] = isCyrillic(word) ? [cyrillicKeys, latinKeys] : [latinKeys, cyrillicKeys]
  return [[...word].map(typed => to[from.indexOf(typed)] ?? typed).join('')]
}

interface Rewritten {
  readonly text: string
  /** How far its pieces are from the most likely ones, in all. */
  readonly rank: number
}

/** The likeliest words that the rules make of a word. */
function rewrite(word: string, rules: readonly Rule[], atMost: number): readonly string[] {
  let found: readonly Rewritten[] = [{ text: '', rank: 0 }]
  for (let at = 0; at < word.length; ) {
    const { length, spellings } = pieceAt(word, at, rules)
    found = found
      .flatMap(({ text, rank }) =>
        spellings.map((spelling, place) => ({ text: text + spelling, rank: rank + place })),
      )
      .sort((one, other) => one.rank - other.rank)
      .slice(0, atMost)
    at += length
  }
  return found.map(({ text }) => text)
}

function pieceAt(word: string, at: number, rules: readonly Rule[]) {
  for (const [piece, ...spellings] of rules) {
    piece.lastIndex = at
    const length = piece.exec(word)?.[0].length
    if (length !== undefined) return { length, spellings }
  }
  return { length: 1, spellings: [word.charAt(at)] }
}
