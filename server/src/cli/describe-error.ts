import { ConfigError } from '../config/index.ts'
import { message, Refusal, render } from '../kernel/index.ts'
import { describeFault } from './describe-fault.ts'

/** What a person at the command line is told about an error: one line each, without stack and without cause. */
export function describeError(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.mistakes
  if (error instanceof Refusal && error.code === 'unavailable')
    return [`the database: ${describeFault(error)}`]
  if (error instanceof Refusal) return describeRefusal(error)
  return [error instanceof Error && error.message !== '' ? error.message : 'something went wrong']
}

/** The fields where it names some, else its own sentence. */
function describeRefusal({ code, detail, errors }: Refusal): string[] {
  const fields = Object.entries(errors ?? {}).flatMap(([field, messages]) =>
    messages.map(message => `${field}: ${render('en', message)}`),
  )
  return fields.length > 0 ? fields : [render('en', detail ?? message(`refusal.${code}`))]
}
