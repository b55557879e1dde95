let pending: Promise<void> | undefined

/**
 * Resolves when the event loop has looked at everything that has come by now. Answers that wait for it are written one after
 * the other: written in between, each wakes a client on the same machine, such as a proxy (ADR 27).
 */
export function endOfTurn(): Promise<void> {
  pending ??= new Promise(resolve => {
    setImmediate(() => {
      pending = undefined
      resolve()
    })
  })
  return pending
}
