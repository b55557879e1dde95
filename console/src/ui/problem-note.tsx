import { Alert } from '@mantine/core'
import type { ProblemError } from '@propusk/client'
import { CircleAlert } from 'lucide-react'
import { problemText } from './problem-text.ts'
import { useCommonText } from './words.ts'

/** A refusal inside a form; read out at once. */
export function ProblemNote({ problem }: { readonly problem: ProblemError | 'unreachable' | undefined }) {
  const text = useCommonText()
  if (problem === undefined) return null
  return (
    <Alert color="red" variant="light" role="alert" icon={<CircleAlert size={16} />}>
      {problem === 'unreachable' ? text('unreachable') : problemText(problem)}
    </Alert>
  )
}
