import { type Problem, type ProblemCode, problemCodes } from './types.ts'

export interface StepUpDemand {
  readonly acr: 'aal1' | 'aal2'
  readonly maxAgeSeconds: number | undefined
}

/** An API may ask for an age alone, which is then one of the lowest level. */
const toStepUp = ({ acr_values: acr, max_age: maxAgeSeconds }: Partial<Problem>): StepUpDemand | undefined =>
  acr === undefined && maxAgeSeconds === undefined ? undefined : { acr: acr ?? 'aal1', maxAgeSeconds }

/** An answer that is no success (RFC 9457). Decide by `code`; `message` and `errors` are for people. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: number
  /**
   * A union of every code, so that a `switch` can be exhaustive. `unrecognised` when the answer is no problem document, as
   * something between client and server gave it, or has a code that only a newer server knows.
   */
  readonly code: ProblemCode | 'unrecognised'
  readonly detail: string
  /** Messages by field; empty when no field is at fault. */
  readonly errors: Readonly<Record<string, readonly string[]>>
  /** The same id stands in the server's log. */
  readonly instance: string | undefined
  /** How long the server asks to wait, from Retry-After (RFC 9110 section 10.2.3). */
  readonly retryAfterSeconds: number | undefined

  /** Of `insufficient_user_authentication`: the level and the age in seconds that the call asks for (RFC 9470). */
  readonly stepUp: StepUpDemand | undefined

  constructor(status: number, problem: Partial<Problem>, retryAfter: string | null = null) {
    const detail = problem.detail ?? `The answer has status ${status} and is no problem document.`
    super(detail)
    this.status = status
    this.code = isKnown(problem.code) ? problem.code : 'unrecognised'
    this.detail = detail
    this.errors = problem.errors ?? {}
    this.instance = problem.instance
    this.stepUp = toStepUp(problem)
    this.retryAfterSeconds = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined
  }
}

/** A ProblemError of one code. */
export type ProblemOf<Code extends ProblemError['code']> = ProblemError & { readonly code: Code }

/** Whether an error is a problem, of one of these codes if any are named. */
export function isProblem<Code extends ProblemError['code'] = ProblemError['code']>(
  error: unknown,
  ...codes: readonly Code[]
): error is ProblemOf<Code> {
  return error instanceof ProblemError && (codes.length === 0 || codes.includes(error.code as Code))
}

const isKnown = (code: string | undefined): code is ProblemCode => problemCodes.includes(code as ProblemCode)

/** Reads an answer to its end as an error. */
export async function toProblemError(answer: Response): Promise<ProblemError> {
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true
  const text = await answer.text()
  return new ProblemError(
    answer.status,
    isProblem ? parseProblem(text) : {},
    answer.headers.get('retry-after'),
  )
}

function parseProblem(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Partial<Problem>
  } catch {
    return {}
  }
}
