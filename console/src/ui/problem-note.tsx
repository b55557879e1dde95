import { Alert } from '@mantine/core'
import { ProblemError } from '@propusk/client'
import { CircleAlert } from 'lucide-react'
import { useCommonText } from './messages.ts'
import { failureText } from './problem-text.ts'
import { RetryCountdown } from './retry-countdown.tsx'

/** Why a form was not sent, read out at once. Where the server says how long to wait, that is counted down. */
export function ProblemNote({ problem }: { readonly problem: unknown }) {
  const text = useCommonText()
  if (problem === undefined) return null
  return (
    <Alert color="red" variant="light" role="group" icon={<CircleAlert size={16} />}>
      <div role="alert">{failureText(problem, text)}</div>
      {problem instanceof ProblemError && <RetryCountdown problem={problem} />}
    </Alert>
  )
}
