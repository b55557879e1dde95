import type { ReactNode } from 'react'
import classes from './scroll-across.module.css'

interface ScrollAcrossProps {
  /** What it holds, for whoever comes to it by keyboard. */
  readonly label: string
  readonly children: ReactNode
}

/** What may be wider than the screen scrolls inside itself, by keyboard too (WCAG 2.1.1). */
export const ScrollAcross = ({ label, children }: ScrollAcrossProps) => (
  // biome-ignore lint/a11y/useSemanticElements: no group of fields, and no landmark beside the section around it.
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not reach what is out of sight.
  <div role="group" className={classes.scroller} aria-label={label} tabIndex={0}>
    {children}
  </div>
)
