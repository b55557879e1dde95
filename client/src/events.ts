import type { Client } from './client.ts'
import { readEvents, unref } from './event-stream.ts'
import { ProblemError } from './problem-error.ts'
import type { AuditEvent } from './types.ts'

/** What the server tells (`GET /events/`). After `connected` read again what you show: what was missed is not told. */
export type ServerEvent =
  | { readonly name: 'connected' }
  | { readonly name: 'disconnected'; readonly error: unknown }
  | { readonly name: 'audit'; readonly event: AuditEvent }
  | { readonly name: 'rights_changed' }
  /** The reader was too slow for the audit: read the list again. */
  | { readonly name: 'gap' }
  /** The session is over, and so is the iteration. */
  | { readonly name: 'signed_out'; readonly reason: string | null }

export interface FollowOptions {
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal
}

const firstWaitMs = 500
const longestWaitMs = 15_000
/** The server sends something every 15 s: a stream that brings nothing for so long is cut off. */
const idleMs = 45_000

/**
 * Follows the server's events, and connects again after each end of the stream but the last: with waits that double, of a
 * random share, so that not all come back at once. Waiting keeps no process of Node alive. Rejects when the server refuses for
 * good, as where there is no session.
 */
export async function* followEvents(
  client: Pick<Client, 'open'>,
  { signal }: FollowOptions = {},
): AsyncGenerator<ServerEvent, void, undefined> {
  let failures = 0
  while (!isAborted(signal)) {
    const connection = new AbortController()
    const abort = () => connection.abort()
    signal?.addEventListener('abort', abort)
    try {
      const answer = await client.open('followEvents', { signal: connection.signal })
      failures = 0
      for await (const { name, data } of readEvents(answer.body!, { afterMs: idleMs, act: abort })) {
        const event = toServerEvent(name, data)
        if (event !== undefined) yield event
        if (event?.name === 'signed_out') return
      }
      yield { name: 'disconnected', error: undefined }
    } catch (error) {
      if (isAborted(signal)) return
      if (error instanceof ProblemError && error.status < 500 && error.code !== 'too_many_requests')
        throw error
      yield { name: 'disconnected', error }
    } finally {
      signal?.removeEventListener('abort', abort)
      connection.abort()
    }
    await pause(waitAfter(failures++), signal)
  }
}

/** A call, as the state changes while something is awaited. */
const isAborted = (signal: AbortSignal | undefined) => signal?.aborted === true

const waitAfter = (failures: number) =>
  Math.min(firstWaitMs * 2 ** failures, longestWaitMs) * (0.5 + Math.random() / 2)

/** Undefined for what this client does not know: a newer server may tell more. */
function toServerEvent(name: string, data: string): ServerEvent | undefined {
  switch (name) {
    case 'hello':
      return { name: 'connected' }
    case 'audit':
      return { name, event: JSON.parse(data) as AuditEvent }
    case 'rights_changed':
    case 'gap':
      return { name }
    case 'signed_out':
      return { name, reason: (JSON.parse(data) as { reason?: string | null }).reason ?? null }
    default:
      return undefined
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    unref(timer)
    signal?.addEventListener('abort', done)
    if (signal?.aborted === true) done()
  })
}
