import { createGate, type Gate } from '@propusk/gate/core'
import { readCatalogue } from './access/index.ts'
import { toAuditEventBody } from './audit/index.ts'
import { createFollower, type Follower } from './changes/index.ts'
import { ChangesFeed, CursorCodec, jsonParts } from './changes-feed/index.ts'
import type { Core } from './core.ts'
import type { Log } from './http/index.ts'
import type { KeyKeeping } from './key-keeping.ts'
import { deriveKey, isPublished, toPublishedKey } from './keys/index.ts'
import { createEventHub, type EventHub } from './live/index.ts'
import { stillPermitted } from './request-guard.ts'
import { signLargeToken } from './tokens/index.ts'

export interface LedgerFollowing {
  readonly gate: Gate
  /** Streams of events, which report what the gate receives. */
  readonly eventHub: EventHub
  /** The changes for gates in other processes. */
  readonly feed: ChangesFeed
  /** Keeps the gate in step with the ledger, once it is started. */
  readonly follower: Follower
}

/** How long a node may go without word from the ledger before it refuses to answer (503). */
const staleAfterMs = 1_000

/** The gate, what follows the ledger for it, and the streams that report what it receives. */
export function followLedger(
  core: Core,
  { log, keys }: { readonly log: Log; readonly keys: KeyKeeping },
): LedgerFollowing {
  const { config, clock, stores, database } = core
  const gate = createGate({
    issuer: config.publicUrl,
    audience: config.audience,
    maxTokenLifeSeconds: config.accessTtlSeconds,
    staleAfterMs,
    importKey: key => keys.ring.importKey(key),
  })
  const eventHub = createEventHub({
    gate,
    audit: stores.audit,
    sessions: stores.sessions,
    clock,
    auditBody: toAuditEventBody,
    report: cause => log.error({ err: cause }, 'the audit cannot be read for those who follow it'),
  })
  const follower = createFollower({
    gate,
    feed: stores.feed,
    readSnapshot: () => readSnapshot(core, keys),
    async onChanges(changes) {
      eventHub.receive(changes)
      feed.received(changes)
      await keys.follow(changes)
    },
    readCatalogue: () => readCatalogue(stores),
    onPosition: position => feed.reached(position),
    onLoaded() {
      eventHub.recheckAll()
      feed.loaded()
    },
    onWake: listener => database.onWake(listener),
    clock,
    staleAfterMs,
    report: (event, cause) =>
      event === 'lost'
        ? log.error({ err: cause }, 'the ledger of changes cannot be read: protected calls answer 503')
        : log.info('the ledger of changes is read again'),
  })
  core.onCommitted(follower.committed)
  // A client whose session ends while the gate is stale would not be notified. Its next request is refused until the ledger is read.
  follower.onStale(eventHub.endAll)
  const feed = createFeed(core, { gate, follower, log, keys })
  return { gate, eventHub, feed, follower }
}

/** The type of a snapshot's JWS, so that it is taken for no token (RFC 8725 section 3.11). */
const snapshotType = 'propusk-snapshot+jwt'

function createFeed(
  core: Core,
  { gate, follower, log, keys }: { gate: Gate; follower: Follower; log: Log; keys: KeyKeeping },
): ChangesFeed {
  const { config, clock, random, stores } = core
  const isStillPermitted = stillPermitted({ gate, follower, clock, stores })
  return new ChangesFeed({
    gate,
    ledger: stores.feed,
    ageMs: follower.ageMs,
    staleAfterMs: staleAfterMs,
    sign(claims, lists, nowMs) {
      const few = {
        iss: config.publicUrl,
        iat: nowMs / 1000,
        audience: config.audience,
        max_token_life_seconds: config.accessTtlSeconds,
        ...claims,
      }
      return signLargeToken(snapshotType, keys.ring.signer(), jsonParts(few, lists))
    },
    cursors: new CursorCodec(deriveKey(keys.masterKey, 'propusk change cursors')),
    clock,
    random,
    isStillPermitted: (principal, sinceMs) =>
      isStillPermitted(principal, { resource: 'changes', action: 'read' }, sinceMs),
    report: err => log.error({ err }, 'callers who follow the changes cannot be judged again'),
  })
}

/**
 * What a gate starts from: users, sessions, roles and the catalogue at one position of the ledger. The keys are read later, which is
 * harmless: what is said of a key only moves forward.
 */
async function readSnapshot(core: Core, keys: KeyKeeping) {
  const nowMs = core.clock.nowMs()
  const { position, roles, catalogue, ...stored } = await core.snapshot(
    async ({ feed, permissions, ...entries }) => ({
      ...(await feed.readState(nowMs)),
      roles: await permissions.readRoles(),
      catalogue: await readCatalogue(entries),
    }),
  )
  await keys.reload()
  const published = keys.ring
    .list()
    .filter(key => isPublished(key, nowMs))
    .map(toPublishedKey)
  return { position, snapshot: { ...stored, roles, catalogue, keys: published } }
}
