import { type Parse, quoted } from './parsed.ts'

/** A whole number in decimal digits, both bounds included. Other spellings (`1e3`, `0x1F`, `+1`, `08`) are refused. */
export const integer =
  (least: number, most: number): Parse<number> =>
  presented => {
    const value = /^(0|[1-9]\d{0,8})$/.test(presented) ? Number(presented) : Number.NaN
    return value >= least && value <= most
      ? { value }
      : { fault: `${quoted(presented)} is not a whole number from ${least} to ${most}` }
  }
