/** No letters or digits that are mistaken for one another when somebody reads them out or copies them by hand. */
const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
const groups = 4
const lettersPerGroup = 5

/** A password that nobody guesses: 100 bits, in groups that can be told over the phone. */
export function generatePassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(groups * lettersPerGroup))
  // 32 letters divide 256 evenly: none of them is likelier than another.
  const signs = Array.from(bytes, byte => letters[byte % letters.length]!)
  return Array.from({ length: groups }, (_, group) =>
    signs.slice(group * lettersPerGroup, (group + 1) * lettersPerGroup).join(''),
  ).join('-')
}
