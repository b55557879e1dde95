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
