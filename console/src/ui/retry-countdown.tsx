import type { ProblemError } from '@propusk/client'
import { useEffect, useState } from 'react'
import { useCommonText } from './messages.ts'

const stepMs = 250

/** How long the server asks to wait, counted down to the moment at which trying again is of use. */
export function RetryCountdown({ problem }: { readonly problem: ProblemError }) {
  const text = useCommonText()
  const left = useSecondsLeft(problem)
  if (problem.retryAfterSeconds === undefined) return null
  return (
    // A timer is not read out at each step, unlike the sentence above it.
    <div role="timer">{left > 0 ? text('retryIn', { time: clockText(left) }) : text('retryNow')}</div>
  )
}

function useSecondsLeft(problem: ProblemError): number {
  const seconds = problem.retryAfterSeconds ?? 0
  const [counted, setCounted] = useState({ problem, left: seconds })
  useEffect(() => {
    const endsAtMs = performance.now() + seconds * 1000
    const timer = setInterval(() => {
      const left = Math.max(0, Math.ceil((endsAtMs - performance.now()) / 1000))
      setCounted({ problem, left })
      if (left === 0) clearInterval(timer)
    }, stepMs)
    return () => clearInterval(timer)
  }, [problem, seconds])
  // The first picture of another problem comes before its timer.
  return counted.problem === problem ? counted.left : seconds
}

/** `0:07`, `15:00`: the same in both languages. */
const clockText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
