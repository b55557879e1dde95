import { integer } from './parse-integer.ts'
import { type Parse, quoted } from './parsed.ts'

/** A whole number within both bounds, or undefined for `off`. */
export const countOrOff =
  (least: number, most: number): Parse<number | undefined> =>
  presented => {
    if (presented === 'off') return { value: undefined }
    const parsed = integer(least, most)(presented)
    return 'fault' in parsed
      ? { fault: `${quoted(presented)} is neither a whole number from ${least} to ${most} nor off` }
      : parsed
  }
