/**
 * An object in JSON, in parts that are made while they are read: the members of `few`, and then those of `lists`, each with the
 * items that its iterable gives.
 */
export function* jsonParts(
  few: object,
  lists: Readonly<Record<string, Iterable<unknown>>>,
): Generator<string> {
  yield JSON.stringify(few).slice(0, -1)
  for (const [name, items] of Object.entries(lists)) {
    yield `,${JSON.stringify(name)}:[`
    let isFirst = true
    for (const item of items) {
      yield isFirst ? JSON.stringify(item) : `,${JSON.stringify(item)}`
      isFirst = false
    }
    yield ']'
  }
  yield '}'
}
