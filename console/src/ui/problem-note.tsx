import { Alert } from '@mantine/core'
import type { ProblemError } from '@propusk/client'
import { CircleAlert } from 'lucide-react'
import { useCommonText } from './messages.ts'
import { problemText } from './problem-text.ts'
import { RetryCountdown } from './retry-countdown.tsx'

/** A rejection inside a form; read out at once. Where the server says how long to wait, that is counted down. */
export function ProblemNote({ problem }: { readonly problem: ProblemError | 'unreachable' | undefined }) {
  const text = useCommonText()
  if (problem === undefined) return null
  return (
    <Alert color="red" variant="light" role="group" icon={<CircleAlert size={16} />}>
      <div role="alert">{problem === 'unreachable' ? text('unreachable') : problemText(problem)}</div>
      {problem !== 'unreachable' && <RetryCountdown problem={problem} />}
    </Alert>
  )
}
