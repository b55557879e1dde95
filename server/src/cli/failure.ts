import { ConfigError } from '../config/index.ts'
import { message, Rejection, render } from '../kernel/index.ts'

/**
 * The user pressed Ctrl-C where the terminal does not turn it into a signal. The command ends without a message, with
 * 130.
 */
export class Interrupted extends Error {
  constructor() {
    super('interrupted')
    this.name = 'Interrupted'
  }
}

/** A command that cannot go on for a reason that a person can mend. Its message is shown as it is, so it holds no secret. */
export class CommandFailure extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CommandFailure'
  }
}

/** Describes an error for a person at the command line: one line each, without stack and without cause. */
export function describeError(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.mistakes
  if (error instanceof Rejection && error.code === 'unavailable')
    return [`the database: ${describeFault(error)}`]
  if (error instanceof Rejection) return describeRejection(error)
  return [error instanceof Error && error.message !== '' ? error.message : 'something went wrong']
}

/** The fields where it names some, else its own sentence. */
function describeRejection({ code, detail, errors }: Rejection): string[] {
  const fields = Object.entries(errors ?? {}).flatMap(([field, messages]) =>
    messages.map(message => `${field}: ${render('en', message)}`),
  )
  return fields.length > 0 ? fields : [render('en', detail ?? message(`rejection.${code}`))]
}

/** Why something could not even be checked, in one line for an operator. The store keeps passwords out of its causes. */
export function describeFault(error: unknown): string {
  if (error instanceof Rejection && error.cause instanceof Error) {
    const { message } = error.cause
    // A whole sentence says by itself what to do.
    if (message.endsWith('.')) return message
    return `it cannot be reached: ${message}. Check that it runs and that PROPUSK_DATABASE_URL names it`
  }
  return error instanceof Error ? error.message : String(error)
}

/** What every command says of a database that it must leave alone; the migrations are those that this version cannot work with. */
export const newerDatabase = (unknown: readonly string[]): string =>
  `The database was migrated by a newer Propusk (${unknown.join(', ')}), and this version cannot work with that. Use that version or a newer one.`

/** The exit codes of the process. */
export const exitCode = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  /** 128 + SIGINT, as shells report a command that Ctrl-C ended. */
  interrupted: 130,
} as const
