import type { CatalogueEntry, Change, Gate, Snapshot } from '@propusk/gate/core'
import { Rejection, type TimeSource } from '../kernel/index.ts'
import { CatalogueWatch } from './catalogue-watch.ts'
import type { LedgerEntry } from './change-log.sql.ts'
import type { ChangeFeed } from './ledger.sql.ts'
import { covers, type LedgerPosition } from './ledger.ts'

interface FollowerDeps {
  readonly gate: Pick<Gate, 'load' | 'apply' | 'markSynced' | 'isFresh' | 'forget' | 'catalogue'>
  readonly feed: Pick<ChangeFeed, 'readAfter'>
  /** Everything, as it stood at one position. */
  readonly readSnapshot: () => Promise<{ readonly snapshot: Snapshot; readonly position: LedgerPosition }>
  /** The catalogue as it stands now: release 0.1.0 changes it without a row in the ledger. */
  readonly readCatalogue: () => Promise<readonly CatalogueEntry[]>
  /** Called with changes that the gate has just taken: whatever else on this node lives by them. */
  readonly onChanges: (changes: readonly Change[]) => Promise<void>
  /** Called with each position up to which the gate has received everything. */
  readonly onPosition: (position: LedgerPosition) => void
  /** Called when the gate has been loaded anew: anything may have changed. */
  readonly onLoaded: () => void
  readonly onWake: (listener: () => void) => () => void
  readonly clock: TimeSource
  /** The gate's own bound. */
  readonly staleAfterMs: number
  /** Called when a reading fails and when one succeeds again. */
  readonly report: (event: 'lost' | 'found', cause?: unknown) => void
}

/** A reading this often keeps the gate well inside its bound of one second, also when no wake-up call comes. */
const pollEveryMs = 200

/** Wake-up calls that come closer together than this share a reading: a thousand changes a second cost fifty readings. */
const wakeAtMostEveryMs = 20

/** After so long without a reading everything is read anew: what has expired a day ago is cleared away. */
const startOverAfterMs = 3_600_000

/** The gate walks through all that it knows to forget what has expired. */
const forgetEveryMs = 60_000

/**
 * What has expired is kept for so much longer: twice what a clock may be wrong, so that a wall clock which is set back by
 * as much finds everything still there that counts again.
 */
const forgetLateMs = 240_000

/**
 * So much further back than it has been, and the wall clock was ahead for a while: the gate may have forgotten changes
 * that count again, and everything is read anew. Far more than a clock is ever corrected by at once when all is well.
 */
const clockSetBackMs = forgetLateMs

/** The epoch of the database may change while a snapshot is read, and each node of an upgrade may write what only names roles. */
const snapshotTries = 5

/**
 * Once the gate's bound has passed without a sync, so much longer is waited before the gate counts as stale: this
 * process may have been busy itself, with the answer ready to be read.
 */
const graceMs = 150

/** A request waits this long for a late reading; a database that hangs must not make every caller hang with it. */
const waitAtMostMs = 700

export interface Follower {
  /** Reads the snapshot and keeps following. Rejects when the first reading fails. */
  start(): Promise<void>
  /** Reads now, and proves that it is the latest. Rejects when it cannot be read. */
  read(): Promise<void>
  /** Takes what this process has just committed, before any reading brings it. The gate knows it when this returns. */
  committed(entries: readonly LedgerEntry[]): Promise<void>
  /** Resolves when the gate is fresh; refuses with `unavailable` when the ledger cannot be read. */
  assureFresh(): Promise<void>
  /**
   * Calls `listener` when no sync has succeeded for longer than the gate's bound, whether or not the gate is asked
   * meanwhile.
   */
  onStale(listener: () => void): void
  /** How long ago the reading that the gate goes by began. `Infinity` before the first one. */
  ageMs(): number
  stop(): void
}

/**
 * Keeps a gate in step with the ledger (ADR 28): woken by NOTIFY where there is one, and by a timer in any case. Each
 * reading brings what was committed after the one before it and nothing twice. Every interval is measured by the monotonic
 * clock: what the wall clock does changes nothing that is read.
 */
export function createFollower({
  gate,
  feed,
  readSnapshot,
  readCatalogue,
  onChanges,
  onPosition,
  onLoaded,
  onWake,
  clock,
  staleAfterMs,
  report,
}: FollowerDeps): Follower {
  let timer: NodeJS.Timeout | undefined
  let wakeTimer: NodeJS.Timeout | undefined
  let staleTimer: NodeJS.Timeout | undefined
  const staleListeners: (() => void)[] = []
  let lastReading: Promise<unknown> = Promise.resolve()
  let proving: Promise<void> | undefined
  let stopWaking = () => {}
  let stopped = false
  let lost = false
  let position: LedgerPosition | undefined
  /** What this process committed while a snapshot is being read, which may lack it. */
  let meanwhile: LedgerEntry[] | undefined
  let readAtMs = Number.NEGATIVE_INFINITY
  let syncedAtMs = Number.NEGATIVE_INFINITY
  const watch = new CatalogueWatch({ gate, readCatalogue })
  let forgotAtMs = Number.NEGATIVE_INFINITY
  /** The furthest that the wall clock was ahead of the monotonic one since everything was read. */
  let mostAheadMs = Number.NEGATIVE_INFINITY

  function mustStartOver(tickMs: number): boolean {
    const aheadMs = clock.nowMs() - tickMs
    mostAheadMs = Math.max(mostAheadMs, aheadMs)
    return tickMs - readAtMs > startOverAfterMs || mostAheadMs - aheadMs > clockSetBackMs
  }

  async function readOnce(proof: 'proof' | 'no proof'): Promise<void> {
    // The instant before the question: what commits after it may be missing from the answer.
    let askedAtMs = clock.monotonicMs()
    // One process at most changes a SQLite database, and it is of this release.
    const tables =
      proof === 'proof' && position?.engine === 'postgres' ? await watch.readIfDue(askedAtMs) : undefined
    const reading =
      position === undefined || mustStartOver(askedAtMs) ? undefined : await feed.readAfter(position, proof)
    if (reading === undefined) askedAtMs = await startOver()
    else {
      for (const change of reading.changes) gate.apply(change)
      position = reading.position
      if (reading.changes.length > 0) await onChanges(reading.changes)
      onPosition(reading.position)
      // The next reading starts over.
      if (tables !== undefined && watch.isForeign(tables)) position = undefined
    }
    readAtMs = askedAtMs
    if (reading === undefined || proof === 'proof') noteSynced(askedAtMs)
  }

  /**
   * INVARIANT: the gate passes from what it knew to the new state in one turn of the event loop, with everything in it that
   * was committed since the snapshot: what this process ended meanwhile is never alive again in between.
   */
  async function startOver(): Promise<number> {
    meanwhile = []
    try {
      for (let tries = 0; tries < snapshotTries; tries++) {
        const aheadMs = clock.nowMs() - clock.monotonicMs()
        const loaded = await readSnapshot()
        const askedAtMs = clock.monotonicMs()
        const reading = await feed.readAfter(loaded.position, 'proof')
        if (reading === undefined) continue
        gate.load(loaded.snapshot)
        for (const change of reading.changes) gate.apply(change)
        position = reading.position
        mostAheadMs = aheadMs
        const later = meanwhile.filter(entry => !covers(reading.position, entry)).map(({ change }) => change)
        for (const change of later) gate.apply(change)
        onPosition(reading.position)
        onLoaded()
        await onChanges([...reading.changes, ...later])
        return askedAtMs
      }
    } finally {
      meanwhile = undefined
    }
    throw new Error(`The ledger gave no lasting position in ${snapshotTries} tries`)
  }

  function noteSynced(askedAtMs: number): void {
    gate.markSynced(askedAtMs)
    syncedAtMs = askedAtMs
    watchForStaleness()
    if (askedAtMs - forgotAtMs >= forgetEveryMs) {
      gate.forget(clock.nowMs() - forgetLateMs)
      forgotAtMs = askedAtMs
    }
    if (lost) report('found')
    lost = false
  }

  const watchForStaleness = () => {
    clearTimeout(staleTimer)
    if (stopped) return
    staleTimer = setTimeout(() => {
      if (gate.isFresh(clock.monotonicMs())) return
      for (const listener of staleListeners) listener()
    }, staleAfterMs + graceMs)
    staleTimer.unref()
  }

  /** One after the other: each goes on from the position that the one before has reached. */
  const readAfterLast = (proof: 'proof' | 'no proof'): Promise<void> => {
    const reading = lastReading.then(() => readOnce(proof))
    lastReading = reading.catch(cause => {
      if (!lost) report('lost', cause)
      lost = true
    })
    return reading
  }

  const read = (): Promise<void> => {
    proving ??= readAfterLast('proof').finally(() => {
      proving = undefined
    })
    return proving
  }

  const wake = () => {
    if (stopped || wakeTimer !== undefined) return
    const waitMs = Math.max(0, wakeAtMostEveryMs - (clock.monotonicMs() - readAtMs))
    wakeTimer = setTimeout(() => {
      wakeTimer = undefined
      readAfterLast('no proof').catch(() => {})
    }, waitMs)
    wakeTimer.unref()
  }

  /** A reading in progress may have begun before this process stood still, and then proves nothing about now. */
  const readToDate = async () => {
    await read()
    if (!gate.isFresh(clock.monotonicMs())) await read()
  }

  const schedule = () => {
    timer = setTimeout(async () => {
      await read().catch(() => {})
      if (!stopped) schedule()
    }, pollEveryMs)
    timer.unref()
  }

  return {
    read,
    async start() {
      await read()
      stopWaking = onWake(wake)
      schedule()
    },
    async committed(entries) {
      meanwhile?.push(...entries)
      // What a reading has brought already, and perhaps something newer after it, is not taken again.
      const news = entries.filter(entry => position === undefined || !covers(position, entry))
      for (const { change } of news) gate.apply(change)
      await onChanges(entries.map(({ change }) => change))
    },
    async assureFresh() {
      if (gate.isFresh(clock.monotonicMs())) return
      try {
        await within(waitAtMostMs, readToDate())
      } catch (cause) {
        throw new Rejection('unavailable', { cause, retryAfterSeconds: 1 })
      }
      if (!gate.isFresh(clock.monotonicMs())) throw new Rejection('unavailable', { retryAfterSeconds: 1 })
    },
    onStale(listener) {
      staleListeners.push(listener)
    },
    ageMs: () => clock.monotonicMs() - syncedAtMs,
    stop() {
      stopped = true
      clearTimeout(timer)
      clearTimeout(wakeTimer)
      clearTimeout(staleTimer)
      stopWaking()
    },
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the ledger did not answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
