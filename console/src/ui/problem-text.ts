import { ProblemError } from '@propusk/client'
import { isUnreachable } from '../session/index.ts'
import type { useCommonText } from './messages.ts'

/** What a rejection says of each field; its own sentence, which then only points at them, where it names none. */
export function problemText({ detail, errors }: ProblemError): string {
  const ofFields = Object.values(errors).flat()
  return ofFields.length === 0 ? detail : ofFields.join(' ')
}

/** Why something was not done, whatever it was that stood in the way. */
export function failureText(error: unknown, common: ReturnType<typeof useCommonText>): string {
  if (error instanceof ProblemError) return problemText(error)
  return isUnreachable(error) ? common('noAnswer') : `${common('unexpected')} ${String(error)}`
}
