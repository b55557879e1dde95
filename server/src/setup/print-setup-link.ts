import type { Clock, Random, Transact } from '../kernel/index.ts'
import type { SetupLinkStore } from './setup-link-store.sql.ts'
import { hashSetupToken, newSetupToken, setupUrl } from './setup-token.ts'

interface Deps {
  readonly transaction: Transact<{ readonly setupLinks: SetupLinkStore }>
  /** Committed state, read outside the transaction. */
  readonly setupLinks: Pick<SetupLinkStore, 'hasSuperuser'>
  readonly clock: Clock
  readonly random: Random
  /** This server, by a name that it has after a restart as well. */
  readonly printedBy: string
}

/** The link of this process, by which the first superuser is made. */
export interface SetupPrinter {
  /**
   * Makes a link, and makes useless what this server printed before. Undefined when there is a superuser; then nothing
   * is written. Refuses with `unavailable` when the database cannot take it. SECRET: the link is for a terminal.
   */
  print(baseUrl: string): Promise<string | undefined>
  /** Makes the link useless with the process that printed it. */
  withdraw(): Promise<void>
}

export const setupLinkLifeMs = 3_600_000

export function createSetupPrinter({
  transaction,
  setupLinks,
  clock,
  random,
  printedBy,
}: Deps): SetupPrinter {
  let printedHash: string | undefined
  return {
    async print(baseUrl) {
      if (await setupLinks.hasSuperuser()) return undefined
      const token = newSetupToken(random)
      const tokenHash = hashSetupToken(token)
      const nowMs = clock.nowMs()
      const link = { tokenHash, printedBy, expiresAtMs: nowMs + setupLinkLifeMs }
      if (!(await transaction(stores => stores.setupLinks.print(link, nowMs)))) return undefined
      printedHash = tokenHash
      return setupUrl(baseUrl, token)
    },

    async withdraw() {
      const tokenHash = printedHash
      if (tokenHash === undefined) return
      printedHash = undefined
      await transaction(stores => stores.setupLinks.remove(tokenHash))
    },
  }
}
