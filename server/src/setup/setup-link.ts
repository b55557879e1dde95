import { createHash } from 'node:crypto'
import type { Clock, Random, Transact } from '../kernel/index.ts'
import type { SetupLinkStore } from './setup-link-store.sql.ts'

interface Deps {
  readonly transaction: Transact<{ readonly setupLinks: SetupLinkStore }>
  /** Committed state, read outside the transaction. */
  readonly setupLinks: Pick<SetupLinkStore, 'hasSuperuser'>
  readonly clock: Clock
  readonly random: Random
  /** This server, by a name that it has after a restart as well. */
  readonly printedBy: string
}

const setupLinkLifeMs = 3_600_000

/** The link of this process, by which the first superuser is made (ADR 26). */
export class SetupPrinter {
  readonly #deps: Deps
  #printedHash: string | undefined

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /**
   * Makes a link, and makes useless what this server printed before. Undefined when there is a superuser; then nothing
   * is written. Rejects with `unavailable` when the database cannot take it. SECRET: the link is for a terminal.
   */
  async print(baseUrl: string): Promise<string | undefined> {
    const { setupLinks, random, clock, printedBy, transaction } = this.#deps
    if (await setupLinks.hasSuperuser()) return undefined
    const token = newSetupToken(random)
    const tokenHash = hashSetupToken(token)
    const nowMs = clock.nowMs()
    const link = { tokenHash, printedBy, expiresAtMs: nowMs + setupLinkLifeMs }
    if (!(await transaction(stores => stores.setupLinks.print(link, nowMs)))) return undefined
    this.#printedHash = tokenHash
    return setupUrl(baseUrl, token)
  }

  /** Makes the link useless with the process that printed it. */
  async cancel(): Promise<void> {
    const tokenHash = this.#printedHash
    if (tokenHash === undefined) return
    this.#printedHash = undefined
    await this.#deps.transaction(stores => stores.setupLinks.remove(tokenHash))
  }
}

/** SECRET: 256 random bits. Its holder can make the first superuser. */
const newSetupToken = (random: Random): string => Buffer.from(random.bytes(32)).toString('base64url')

/**
 * What is stored and looked up. A plain hash will do: nothing can be guessed among 256 random bits. Nor does the time of
 * the look-up tell anything: a caller cannot choose a token by the first digits of its hash.
 */
export const hashSetupToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** The token is in the fragment (RFC 9110 section 4.2.5): no request line, log of a proxy or Referer ever holds it. */
const setupUrl = (baseUrl: string, token: string): string => `${baseUrl}/console/setup/#token=${token}`
