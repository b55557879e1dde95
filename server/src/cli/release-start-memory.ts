import { Session } from 'node:inspector/promises'

/** After the warm-up of the first seconds, when the sources have been compiled and their text is not needed any more. */
const afterMs = 1_500

/**
 * Gives back, once, what loading the program left behind: some 20 MB that V8 would keep until the heap grows. It
 * costs a pause of about 50 ms at a moment when hardly anybody is waiting. The session is inside the process; no
 * port is opened.
 */
export function releaseStartMemory(): void {
  setTimeout(async () => {
    const session = new Session()
    session.connect()
    await session.post('HeapProfiler.collectGarbage')
    session.disconnect()
  }, afterMs).unref()
}
