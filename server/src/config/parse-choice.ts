import { type Parse, quoted } from './parsed.ts'

/** One of the words, spelt exactly. */
export const choice =
  <const Word extends string>(...words: readonly Word[]): Parse<Word> =>
  presented => {
    const value = words.find(word => word === presented)
    return value === undefined ? { fault: `${quoted(presented)} is not ${words.join(' or ')}` } : { value }
  }

export const boolean: Parse<boolean> = presented => {
  const parsed = choice('true', 'false')(presented)
  return 'fault' in parsed ? parsed : { value: parsed.value === 'true' }
}
