import pino from 'pino'

export type LogOutput = ReturnType<typeof openLogOutput>

/** What cannot be written for a while, because the disk is full or the reader is slow, may take so much memory. */
const bufferedAtMost = 1_048_576

/**
 * Standard output for log lines. Written beside the event loop: a slow reader delays no request. What is buffered when
 * the process ends is written then; one that is killed loses it. The server outlives the reader of its log and a disk
 * that is full.
 */
export function openLogOutput() {
  const output = pino.destination({ fd: 1, sync: false, maxLength: bufferedAtMost })
  output.on('error', () => {})
  return output
}
