import { ProblemError } from '@propusk/client'
import { isUnreachable } from '../session/index.ts'
import type { useCommonText } from './messages.ts'

/** The sentence of a rejection, with what it says of each field. */
export const problemText = ({ detail, errors }: ProblemError): string =>
  [detail, ...Object.values(errors).flat()].join(' ')

/** Why something was not done, whatever it was that stood in the way. */
export function failureText(error: unknown, common: ReturnType<typeof useCommonText>): string {
  if (error instanceof ProblemError) return problemText(error)
  return isUnreachable(error) ? common('noAnswer') : `${common('unexpected')} ${String(error)}`
}
