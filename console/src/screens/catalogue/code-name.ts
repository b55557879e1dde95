/** The server's own rule of what programs may read. */
export const codeNamePattern = /^[a-z][a-z0-9_.-]{0,99}$/

const longest = 100

/** Cyrillic in the letters of passports (GOST R 52535.1), which most people would choose by themselves. */
const latin: Readonly<Record<string, string>> = {
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k' },
  ...{ л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts' },
  ...{ ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'iu', я: 'ia' },
  ...{ і: 'i', ї: 'i', є: 'ie', ґ: 'g', ў: 'u', ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd' },
}

/** A code name for a name: «Отдел продаж» is `otdel-prodazh`. Empty when nothing of the name can be a code name. */
export const suggestCodeName = (name: string): string =>
  [...name.toLowerCase().normalize('NFC')]
    .map(letter => latin[letter] ?? letter.normalize('NFD').replace(/\p{Mark}/gu, ''))
    .join('')
    .replace(/[^a-z0-9_.]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, longest)
    .replace(/[-_.]+$/, '')
