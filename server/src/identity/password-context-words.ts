/**
 * Words specific to this server that a password may not consist of (OWASP ASVS 5.0, 6.1.2 and 6.2.11): its
 * name, in both of its scripts, and the Russian one as it comes out of a keyboard left in the Latin layout.
 * In lower case.
 */
const contextWords: readonly string[] = ['propusk', 'пропуск', 'ghjgecr']

const notLetters = /[^\p{L}]+/gu

/** Whether nothing is left of it but one of the words, once or repeated, and digits and punctuation anywhere. */
export function isContextWord(folded: string): boolean {
  const letters = folded.replace(notLetters, '')
  return letters !== '' && contextWords.some(word => letters.replaceAll(word, '') === '')
}
