import sonicBoom from 'sonic-boom'

/** Where log lines go. */
export interface LogOutput {
  write(line: string): void
  /** Writes what waits, before the process ends. */
  flushSync(): void
}

/** More than this is written at once, however long the turn still takes. */
const keptLength = 8_192

/** What cannot be written for a while, because the disk is full or the reader is slow, may take so much memory. */
const keptAtMost = 1_048_576

/**
 * Standard output for log lines. The lines of one turn of the event loop leave in one write: under load a write for
 * each costs a request as much as judging it. A process that is killed loses at most the lines of that turn.
 */
export function openLogOutput(): LogOutput {
  const output = new sonicBoom.SonicBoom({ fd: 1, sync: true, maxLength: keptAtMost })
  let lines = ''
  let isScheduled = false
  let hasReader = true
  output.on('error', error => {
    // The server outlives the reader of its log, and a disk that is full.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') hasReader = false
  })
  const flushSync = () => {
    isScheduled = false
    if (lines !== '' && hasReader) output.write(lines)
    lines = ''
  }
  process.on('exit', flushSync)
  return {
    write(line) {
      lines += line
      if (lines.length > keptLength) return flushSync()
      if (isScheduled) return
      isScheduled = true
      setImmediate(flushSync)
    },
    flushSync,
  }
}
