import { basePath } from './base-path.ts'

const timeoutMs = 5_000

/** Whether the server answers with its page. Reads nothing of it but the status. */
export async function reachesServer(): Promise<boolean> {
  const options = { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) } as const
  return await fetch(`${basePath}/console/`, options).then(
    answer => answer.ok,
    () => false,
  )
}

/**
 * Whether an error says that the server cannot be reached, or that its answer was cut off. `fetch` says so by a TypeError, as
 * for mistakes of a program; only its text tells them apart, and each browser has its own.
 */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof TypeError && /fetch|network|load failed|body stream|connection/i.test(error.message)
