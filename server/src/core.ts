import {
  sqlAssignmentStore,
  sqlCatalogueStore,
  sqlDecisionStore,
  sqlGrantsStore,
  sqlPermissionStore,
  sqlRightsStore,
  sqlRoleStore,
  sqlWhatIfStore,
} from './access/index.ts'
import { assertStillMayAct, callerDetails } from './act-as.ts'
import { sqlApiKeyStore } from './api-keys/index.ts'
import { auditChain, auditLog, hourCountStore } from './audit/index.ts'
import { changeLifeMs, type LedgerEntry, sqlChangeFeed, sqlChangeLog } from './changes/index.ts'
import type { Config } from './config/index.ts'
import { sqlFactorStore, sqlPasskeyStore, sqlRecoveryCodeStore } from './factors/index.ts'
import { sqlForwardRuleStore } from './forward-auth/index.ts'
import {
  createPasswordHasher,
  type LeakedPasswords,
  loadLeakedPasswords,
  type PasswordHasher,
  sqlUserStore,
} from './identity/index.ts'
import { sqlInvitationStore } from './invitations/index.ts'
import {
  type Clock,
  type Random,
  systemClock,
  systemRandom,
  type TimeSource,
  type Transact,
} from './kernel/index.ts'
import { sqlKeyStore } from './keys/index.ts'
import { sqlLeaseStore } from './leases/index.ts'
import { createSmtpTransport, type MailTransport, sqlOutboxStore } from './mail/index.ts'
import { nodeStore } from './nodes/index.ts'
import { sqlProofStore } from './proofs/index.ts'
import { sqlRememberedDeviceStore } from './remembered-devices/index.ts'
import { sqlMassLogoutStore, sqlSessionStore } from './sessions/index.ts'
import { setupLinkStore } from './setup/index.ts'
import { sqlTicketStore } from './sign-in/index.ts'
import { type Database, fillNameKeys, type Handle, openDatabase, type StoreNotice } from './store/index.ts'
import { throttleStore } from './throttle/index.ts'
import { sqlRefreshTokenStore } from './tokens/index.ts'

/** What tests put in the place of the real thing: time, chance and the cost of a hash. */
interface Overrides {
  readonly clock?: TimeSource
  readonly random?: Random
  readonly hasher?: PasswordHasher
  /** Takes the mails, also where no mail server is set: in the demo, too. */
  readonly mail?: MailTransport
}

/** The modules on their database, without keys, gate or HTTP: what the command line works with. */
export interface Core {
  readonly config: Config
  readonly database: Database
  readonly clock: TimeSource
  readonly random: Random
  readonly hasher: PasswordHasher
  readonly leakedPasswords: LeakedPasswords
  /** What takes mails; undefined where mail is not configured. */
  readonly mail: MailTransport | undefined
  /** Committed rows. */
  readonly stores: Stores
  readonly transaction: Transact<Stores>
  /** The stores as they were at one instant, for reads that belong together and may take long. */
  snapshot<T>(work: (stores: Stores) => Promise<T>): Promise<T>
  /** Calls `listener` with the changes of each transaction of this process, before its caller goes on. */
  onCommitted(listener: (entries: readonly LedgerEntry[]) => Promise<void>): void
  /** Calls `listener` after each transaction of this process that added a mail to the outbox. */
  onMail(listener: () => void): void
  close(): Promise<void>
}

/** Opens the database; neither migrates it nor reads a row. Refuses with `unavailable` when it cannot be reached. */
export async function openCore(
  config: Config,
  overrides: Overrides = {},
  log: (notice: StoreNotice) => void = () => {},
): Promise<Core> {
  const { clock = systemClock, random = systemRandom, hasher = createPasswordHasher() } = overrides
  const database = await openDatabase(config.databaseUrl, { clock, log })
  const mail = overrides.mail ?? mailServerOf(config)
  const listeners: ((entries: readonly LedgerEntry[]) => Promise<void>)[] = []
  const mailListeners: (() => void)[] = []
  const options = {
    clock,
    random,
    changeLifeMs: changeLifeMs(config.accessTtlSeconds),
    onCommitted: async (entries: readonly LedgerEntry[]) => {
      for (const listener of listeners) await listener(entries)
    },
    canMail: mail !== undefined,
    onMail: () => {
      for (const listener of mailListeners) listener()
    },
  }
  return {
    config,
    database,
    clock,
    random,
    hasher,
    leakedPasswords: loadLeakedPasswords(),
    mail,
    stores: readingStores(database, options),
    transaction: transactions(database, options),
    snapshot: snapshots(database, options),
    onCommitted: listener => listeners.push(listener),
    onMail: listener => mailListeners.push(listener),
    async close() {
      mail?.close()
      await database.close()
    },
  }
}

/** The settings have a sender where they have a mail server. */
const mailServerOf = ({ mailUrl, mailFrom }: Config): MailTransport | undefined =>
  mailUrl === undefined || mailFrom === undefined
    ? undefined
    : createSmtpTransport({ url: mailUrl, from: mailFrom })

interface Options {
  readonly clock: Clock
  readonly random: Random
  readonly changeLifeMs: number
  /** Told of the changes of a transaction once it is committed, before its caller goes on. */
  readonly onCommitted: (entries: readonly LedgerEntry[]) => Promise<void>
  readonly canMail: boolean
  /** Told of a transaction that added mail, once it is committed. */
  readonly onMail: () => void
}

/** What the stores of one handle report while they write. */
interface Writes {
  readonly onAppend: (entry: LedgerEntry) => void
  readonly wake: () => Promise<void>
  readonly onMail: () => void
}

/** A short transaction: the people in it cannot sign in meanwhile. */
const keysPerSweep = 100

export type Stores = ReturnType<typeof bindStores>

/** All stores on one handle: the committed state, or one transaction. */
function bindStores(
  db: Handle,
  { random, changeLifeMs, canMail }: Options,
  { onAppend, wake, onMail }: Writes,
) {
  return {
    users: sqlUserStore(db),
    sessions: sqlSessionStore(db, random),
    massLogouts: sqlMassLogoutStore(db),
    refreshTokens: sqlRefreshTokenStore(db),
    userGrants: sqlGrantsStore(db),
    rights: sqlRightsStore(db),
    roles: sqlRoleStore(db),
    resources: sqlCatalogueStore(db, 'resources'),
    actions: sqlCatalogueStore(db, 'actions'),
    permissions: sqlPermissionStore(db),
    assignments: sqlAssignmentStore(db),
    decisions: sqlDecisionStore(db),
    apiKeys: sqlApiKeyStore(db),
    factors: sqlFactorStore(db),
    recoveryCodes: sqlRecoveryCodeStore(db),
    passkeys: sqlPasskeyStore(db),
    tickets: sqlTicketStore(db),
    rememberedDevices: sqlRememberedDeviceStore(db),
    forwardRules: sqlForwardRuleStore(db),
    whatIf: sqlWhatIfStore(db),
    changes: sqlChangeLog(db, { lifeMs: changeLifeMs, onAppend, wake }),
    feed: sqlChangeFeed(db, changeLifeMs),
    audit: auditLog(db, callerDetails),
    chain: auditChain(db),
    hourCounts: hourCountStore(db),
    keys: sqlKeyStore(db),
    throttle: throttleStore(db),
    leases: sqlLeaseStore(db),
    setupLinks: setupLinkStore(db),
    nodes: nodeStore(db),
    proofs: sqlProofStore(db),
    invitations: sqlInvitationStore(db),
    outbox: sqlOutboxStore(db, { isOn: canMail, onAdd: onMail }),
    nameKeys: { fill: () => fillNameKeys(db, keysPerSweep) },
  }
}

const refuse = () => {
  throw new TypeError('A change is appended, and a mail added, in the transaction of its cause.')
}
const readOnly: Writes = { onAppend: refuse, wake: refuse, onMail: refuse }

/** What reads see: committed rows. Nothing is appended to the ledger outside a transaction. */
export const readingStores = (database: Database, options: Options): Stores =>
  bindStores(database.read, options, readOnly)

/** The stores as they were at one instant. */
const snapshots =
  (database: Database, options: Options) =>
  <T>(work: (stores: Stores) => Promise<T>): Promise<T> =>
    database.snapshot(db => work(bindStores(db, options, readOnly)))

/** INVARIANT (ADR 2): when the promise resolves, this node's gate has heard of every change that the transaction made. */
export const transactions =
  (database: Database, options: Options): Transact<Stores> =>
  async work => {
    let appended: LedgerEntry[] = []
    let hasMail = false
    const result = await database.transaction(async trx => {
      // A transaction may run twice: only the changes of the run that committed count.
      appended = []
      hasMail = false
      const stores = bindStores(trx, options, {
        onAppend: entry => appended.push(entry),
        wake: () => database.wake(trx),
        onMail: () => {
          hasMail = true
        },
      })
      await assertStillMayAct(stores, options.clock.nowMs())
      return await work(stores)
    })
    if (appended.length > 0) await options.onCommitted(appended)
    if (hasMail) options.onMail()
    return result
  }
