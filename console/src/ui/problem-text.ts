import type { ProblemError } from '@propusk/client'

/** The sentence of a rejection, with what it says of each field. */
export const problemText = ({ detail, errors }: ProblemError): string =>
  [detail, ...Object.values(errors).flat()].join(' ')
