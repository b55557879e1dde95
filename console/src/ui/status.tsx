import type { ReactNode } from 'react'
import classes from './status.module.css'

export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'accent'

/** A state in one word. The word says it; the colour only helps. */
export function Status({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={classes.status} data-tone={tone}>
      <span className={classes.dot} aria-hidden />
      {children}
    </span>
  )
}
