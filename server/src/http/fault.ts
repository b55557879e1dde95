import { invalidField, message, Refusal } from '../kernel/index.ts'
import { type ProblemCause, transportProblem } from './problem.ts'

/**
 * What the engine throws by itself, as the refusal it means. Whatever is not known here is a fault of ours: an
 * opaque 500, its cause in the log only.
 */
export function toProblemCause(error: unknown): ProblemCause {
  if (error instanceof Refusal) return error
  return refusalOf((error as { code?: unknown } | null)?.code) ?? transportProblem('internal_error')
}

function refusalOf(code: unknown): ProblemCause | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal('too_large')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal('unsupported_media_type')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return new Refusal('invalid_request')
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return invalidField('path', message('path.malformed'))
    case 'FST_ERR_NOT_FOUND':
      return new Refusal('not_found')
    default:
      return undefined
  }
}
