import type { Change, Gate, Snapshot } from '@propusk/gate'
import { type Clock, Refusal } from '../kernel/index.ts'
import type { ChangeFeed } from './change-log.ts'

interface FollowerDeps {
  readonly gate: Gate
  readonly feed: ChangeFeed
  /** Keys, roles and living changes as they stand now. */
  readonly readSnapshot: () => Promise<Snapshot>
  /** Hands changes to the gate, and to whatever else on this node lives by them. */
  readonly apply: (changes: readonly Change[]) => Promise<void>
  readonly onWake: (listener: () => void) => () => void
  readonly clock: Clock
  /** The gate's own bound. */
  readonly silenceBoundMs: number
  /** Told when a reading fails and when the ledger is heard again. */
  readonly report: (event: 'lost' | 'found', cause?: unknown) => void
}

/** A reading this often keeps the gate well inside its bound of one second, also when no wake-up call comes. */
const pollEveryMs = 200

/**
 * A change id becomes visible at most this long after it was taken: transactions are bounded to less. Each
 * reading goes back that far, so a low id that commits late is still seen; applying a change twice is harmless.
 */
const overlapMs = 10_000

/**
 * After a silence longer than this a gate starts over from a snapshot: rows may have been cleared meanwhile. So it
 * does when its clock goes back by as much: while that was ahead, the gate forgot changes that count again, and the
 * marks of that time would hold the floor down until it has come.
 */
const startOverAfterMs = 30_000

/**
 * Once the gate's bound has passed without word, so much longer is waited before the silence is called one: this
 * process may have been busy itself, with the answer lying ready.
 */
const forgiveMs = 150

/** A request waits this long for a late reading; a database that hangs must not make every caller hang with it. */
const waitAtMostMs = 700

export interface Follower {
  /** Reads the snapshot and keeps following. Rejects when the first reading fails. */
  start(): Promise<void>
  /** Resolves when the gate is fresh; refuses with `unavailable` when the ledger cannot be read. */
  assureFresh(): Promise<void>
  /** Calls `listener` when no word has come for longer than the gate's bound, however the gate is asked meanwhile. */
  onSilence(listener: () => void): void
  stop(): void
}

/** Keeps a gate in step with the ledger: woken by NOTIFY where there is one, and by a timer in any case. */
export function createFollower({
  gate,
  feed,
  readSnapshot,
  apply,
  onWake,
  clock,
  silenceBoundMs,
  report,
}: FollowerDeps): Follower {
  let timer: NodeJS.Timeout | undefined
  let silence: NodeJS.Timeout | undefined
  const silenceListeners: (() => void)[] = []
  let reading: Promise<void> | undefined
  let stopWaking = () => {}
  let stopped = false
  let lost = false
  let heardAtMs = Number.NEGATIVE_INFINITY
  /** The highest id seen at a moment; the oldest entry that is at least `overlapMs` old is the floor. */
  let marks: { atMs: number; id: number }[] = []

  const noteHighest = (nowMs: number, id: number) => {
    marks.push({ atMs: nowMs, id })
    while (marks.length > 1 && marks[1]!.atMs <= nowMs - overlapMs) marks.shift()
  }
  const floorId = (nowMs: number) =>
    marks[0] !== undefined && marks[0].atMs <= nowMs - overlapMs ? marks[0].id : 0

  async function readChanges(nowMs: number): Promise<void> {
    const changes = await feed.readAfter(floorId(nowMs), nowMs)
    await apply(changes)
    noteHighest(nowMs, Math.max(changes.at(-1)?.id ?? 0, marks.at(-1)?.id ?? 0))
  }

  async function readOnce(): Promise<void> {
    // The instant before the question: what commits after it may be missing from the answer.
    const askedAtMs = clock.nowMs()
    if (Math.abs(askedAtMs - heardAtMs) > startOverAfterMs) {
      gate.load(await readSnapshot())
      marks = []
    }
    // After a snapshot too: what this node committed while that was read went with the old state, and is read again
    // before the gate counts as fresh.
    await readChanges(askedAtMs)
    heardAtMs = askedAtMs
    gate.heard(askedAtMs)
    watchForSilence()
    gate.forget(askedAtMs)
    if (lost) report('found')
    lost = false
  }

  const watchForSilence = () => {
    clearTimeout(silence)
    if (stopped) return
    silence = setTimeout(() => {
      if (gate.isFresh(clock.nowMs())) return
      for (const listener of silenceListeners) listener()
    }, silenceBoundMs + forgiveMs)
    silence.unref()
  }

  const read = (): Promise<void> => {
    reading ??= readOnce()
      .catch(cause => {
        if (!lost) report('lost', cause)
        lost = true
        throw cause
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  /** A reading under way may have begun before this process stood still, and then proves nothing about now. */
  const readToDate = async () => {
    await read()
    if (!gate.isFresh(clock.nowMs())) await read()
  }

  const readAndForgive = () => read().catch(() => {})

  const schedule = () => {
    timer = setTimeout(async () => {
      await readAndForgive()
      if (!stopped) schedule()
    }, pollEveryMs)
    timer.unref()
  }

  return {
    async start() {
      await read()
      stopWaking = onWake(() => {
        // A reading under way may have asked before this change was committed: read once more after it.
        void (reading ?? Promise.resolve()).catch(() => {}).then(readAndForgive)
      })
      schedule()
    },
    async assureFresh() {
      if (gate.isFresh(clock.nowMs())) return
      try {
        await within(waitAtMostMs, readToDate())
      } catch (cause) {
        throw new Refusal('unavailable', { cause, retryAfterSeconds: 1 })
      }
      if (!gate.isFresh(clock.nowMs())) throw new Refusal('unavailable', { retryAfterSeconds: 1 })
    },
    onSilence(listener) {
      silenceListeners.push(listener)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      clearTimeout(silence)
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
