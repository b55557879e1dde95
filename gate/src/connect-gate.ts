import { CacheFile } from './cache-file.ts'
import type { ConnectedGate, GateEvent } from './connected-gate.ts'
import { type ConnectionOptions, GateConnection } from './gate-connection.ts'
import { withoutSlash } from './signed-snapshot.ts'

export interface ConnectOptions {
  /** The public address of the server, which is the `iss` of its tokens. */
  readonly issuer: string
  /** SECRET: an API key that holds `changes:read`. */
  readonly key: string
  /** How old its knowledge may be before it refuses. 5,000 unless given. */
  readonly staleAfterMs?: number
  /** What to do then: `refuse` with 503, or `ask` the server about each token, with a deadline. `refuse` unless given. */
  readonly onStale?: 'refuse' | 'ask'
  /** How long `connectGate` waits to be live before it resolves all the same. 10,000 unless given. */
  readonly startWithinMs?: number
  /**
   * A file of the service's own, in a folder that there is. A service that restarts while the server cannot be reached is `stale`
   * by it instead of `starting`. It allows nothing: a token whose session it knows to be over gets 401, and any other one 503.
   */
  readonly cacheFile?: string
  /** Called when the state changes, and with the fault when a connection ends or `cacheFile` is of no use. */
  readonly onEvent?: (event: GateEvent) => void
}

/**
 * A gate that follows a server: checks tokens and permissions in this process, and refuses by itself when it cannot know.
 * Resolves when it is live, or after `startWithinMs` as `starting` or `stale`; then it goes on trying. Rejects with
 * `FeedRejected` when the server refuses the key or has another address than `issuer`, and with a TypeError for wrong
 * options. Nothing in it keeps the process alive once it has resolved.
 */
export async function connectGate(options: ConnectOptions): Promise<ConnectedGate> {
  const connection = new GateConnection(checkOptions(options))
  await connection.start()
  return connection
}

function checkOptions(options: ConnectOptions): ConnectionOptions {
  const {
    key,
    staleAfterMs = 5_000,
    onStale = 'refuse',
    startWithinMs = 10_000,
    cacheFile,
    onEvent,
  } = options
  if (!/^https?:/.test(options.issuer) || !URL.canParse(options.issuer)) {
    throw new TypeError(`issuer is ${options.issuer}: give the public address of the server`)
  }
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)) {
    throw new TypeError('key is missing: give an API key that holds changes:read')
  }
  if (!Number.isSafeInteger(staleAfterMs) || staleAfterMs < 1) {
    throw new TypeError(`staleAfterMs is ${staleAfterMs}: give a whole number from 1 up`)
  }
  if (onStale !== 'refuse' && onStale !== 'ask') {
    throw new TypeError(`onStale is ${String(onStale)}: give refuse or ask`)
  }
  const issuer = withoutSlash(options.issuer)
  const kept = cacheFile === undefined ? undefined : new CacheFile(cacheFile, issuer)
  return { issuer, key, staleAfterMs, onStale, startWithinMs, cacheFile: kept, onEvent }
}
