/**
 * The keystroke-level model (Card, Moran and Newell, «The keystroke-level model for user performance time with interactive
 * systems», CACM 23(7), 1980), with the seconds of this project's reviews.
 */
export interface Effort {
  /** Presses of the mouse or of a finger. */
  readonly clicks: number
  /** Keys, those that hold others (Control) included. */
  readonly keys: number
  /** What to press next, and what to type into which field: one for each click and for each field that is typed into. */
  readonly decisions: number
}

const clickS = 1.3
const keyS = 0.25
const decisionS = 1.35

export const secondsOf = ({ clicks, keys, decisions }: Effort): number =>
  Math.round((clicks * clickS + keys * keyS + decisions * decisionS) * 10) / 10

/** A press of the mouse on what has this name; a text that is typed; or keys that are pressed without a field. */
export type Step = string | { readonly type: string } | { readonly press: readonly string[] }

/** What it takes to do these steps. A text after a text takes one more key, which leads to its field. */
export function effortOf(steps: readonly Step[]): Effort {
  const isText = (step: Step | undefined) => typeof step === 'object' && 'type' in step
  const keysOf = (step: Step, before: Step | undefined) => {
    if (typeof step === 'string') return 0
    if ('press' in step) return step.press.length
    return step.type.length + (isText(before) ? 1 : 0)
  }
  return {
    clicks: steps.filter(step => typeof step === 'string').length,
    keys: steps.reduce((sum, step, at) => sum + keysOf(step, steps[at - 1]), 0),
    decisions: steps.length,
  }
}
