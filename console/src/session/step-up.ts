import type { ProblemError, StepUp } from '@propusk/client'

/** A call that waits for the person to prove again who is there. */
export interface StepUpQuestion {
  readonly problem: ProblemError
  /** Gives the server the proof; rejects with its ProblemError when that is wrong. */
  prove(proof: StepUp): Promise<void>
  /** The call is refused, then, as the server has refused it. */
  giveUp(): void
}

let question: StepUpQuestion | undefined
let waiting: Promise<string | undefined> | undefined
const listeners = new Set<() => void>()

function become(next: StepUpQuestion | undefined): void {
  question = next
  for (const listener of listeners) listener()
}

export const stepUpQuestion = (): StepUpQuestion | undefined => question

export function onStepUpQuestion(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Asks the person, once for all calls that are refused meanwhile. Gives the new access token; undefined when given up. */
export function askForStepUp(
  problem: ProblemError,
  send: (proof: StepUp) => Promise<string>,
): Promise<string | undefined> {
  waiting ??= new Promise<string | undefined>(resolve => {
    const end = (access: string | undefined) => {
      waiting = undefined
      become(undefined)
      resolve(access)
    }
    become({ problem, prove: async proof => end(await send(proof)), giveUp: () => end(undefined) })
  })
  return waiting
}
