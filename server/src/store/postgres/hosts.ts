import pg from 'pg'
import { hostListOf } from '../../addresses/index.ts'
import { readOnlyExplanation, standbyExplanation } from './postgres-failure.ts'

/** Where one PostgreSQL is. */
interface Host {
  /** Without the password, for people. */
  readonly name: string
  readonly url: string
}

/**
 * The hosts of one address. The one that took a connection last is tried first: a host that is away costs no new
 * connection its time limit again. Where it refuses, the next one is tried, and so on round the list
 * (ADR 37).
 */
export class Hosts {
  readonly all: readonly Host[]
  /** Whether a host that only reads is as good as none: `target_session_attrs=read-write`. */
  readonly mustWrite: boolean
  #current = 0
  /** Which host an error came from. */
  readonly #blamed = new WeakMap<object, Host>()

  constructor(url: string) {
    const { hosts, with: withHost } = hostListOf(url)
    const attributes = /[?&](target_session_attrs=([a-z-]*))/.exec(url)
    this.mustWrite = attributes?.[2] === 'read-write'
    this.all = hosts.map(name => ({ name, url: withHost(name) }))
  }

  get current(): Host {
    return this.all[this.#current]!
  }

  /** A new connection to this host came to nothing: the next one goes elsewhere, unless it does already. */
  refused(host: Host, error: unknown): void {
    if (typeof error === 'object' && error !== null) this.#blamed.set(error, host)
    if (this.current === host) this.#current = (this.#current + 1) % this.all.length
  }

  /** The host that an error of the pool came from; undefined where it was not a new connection that failed. */
  blamed(error: unknown): Host | undefined {
    const [own, cause] = [error, error instanceof Error ? error.cause : undefined]
    return [own, cause].map(each => this.#blamed.get(each as object)).find(host => host !== undefined)
  }
}

/** A client of the host that is current when it is made. */
export class HostClient extends pg.Client {
  readonly #hosts: Hosts
  readonly #host: Host

  constructor(config: pg.ClientConfig, hosts: Hosts) {
    const host = hosts.current
    super({ ...config, connectionString: host.url })
    this.#hosts = hosts
    this.#host = host
  }

  /** Refused: it does not answer, or what answers is of no use. */
  blame(error: unknown): void {
    this.#hosts.refused(this.#host, error)
  }

  /** As the pool calls it; a caller that awaits the promise calls `blame` itself. */
  override connect(): Promise<pg.Client>
  override connect(callback: (error: Error) => void): void
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
    if (callback === undefined) return super.connect() as Promise<pg.Client>
    super.connect((error: Error | null) => {
      if (error) this.blame(error)
      callback(error as Error)
    })
    return undefined
  }
}

/** A connection of the pool, of the first host that takes one. Throws what the only one says, or what each of them says. */
export async function connectToAny(pool: pg.Pool, hosts: Hosts): Promise<pg.PoolClient> {
  const reasons = new Map<Host, string>()
  for (;;) {
    try {
      return await pool.connect()
    } catch (error) {
      const host = hosts.blamed(error)
      // Others have refused their connections meanwhile: each may have come twice.
      if (host === undefined || hosts.all.length === 1 || reasons.has(host))
        throw describeReasons(reasons, error)
      reasons.set(host, reasonOf(error))
      if (reasons.size === hosts.all.length) throw describeReasons(reasons, error)
    }
  }
}

function describeReasons(reasons: ReadonlyMap<Host, string>, cause: unknown): unknown {
  if (reasons.size === 0) return cause
  const each = [...reasons].map(([{ name }, reason]) => `${name}: ${reason}`)
  return new Error(`No host of the address of PostgreSQL takes writes: ${each.join('; ')}.`, { cause })
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  const text = error instanceof Error ? error.message : String(error)
  if (text === standbyExplanation) return 'it is a standby'
  if (text === readOnlyExplanation) return 'it only reads'
  return text.replace(/\.$/, '')
}
