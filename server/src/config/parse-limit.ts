import { duration } from './parse-duration.ts'
import { integer } from './parse-integer.ts'
import { type Parse, quoted } from './parsed.ts'

/** So many at once, and as many again in so many seconds. */
export interface Limit {
  readonly count: number
  readonly perSeconds: number
}

const count = integer(1, 100_000_000)
const span = duration('1s', '30d')

/** `COUNT/DURATION`, such as `600/1m`: 1 to 100,000,000 in 1s to 30d; undefined for `off`, which limits nothing. */
export const limit: Parse<Limit | undefined> = presented => {
  if (presented === 'off') return { value: undefined }
  const [counted = '', spanned, ...rest] = presented.split('/')
  if (spanned === undefined || rest.length > 0) {
    return { fault: `${quoted(presented)} is neither COUNT/DURATION nor off` }
  }
  const parsedCount = count(counted)
  if ('fault' in parsedCount) return parsedCount
  const parsedSpan = span(spanned)
  if ('fault' in parsedSpan) return parsedSpan
  return { value: Object.freeze({ count: parsedCount.value, perSeconds: parsedSpan.value }) }
}
