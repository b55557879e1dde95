import type { EpochMs, Transact } from '../kernel/index.ts'
import { countRun } from './count-run.ts'
import { createSettledMark } from './settled-mark.ts'
import type { HourCount, TallyMark, TallyStore } from './tally-store.ts'

interface Deps {
  /** Committed rows. */
  readonly tallies: TallyStore
  readonly greatestEventId: () => Promise<number>
  readonly transaction: Transact<{ readonly tallies: TallyStore }>
  /** Measures how long ago the audit was looked at; the instants of the rounds do, unless given. */
  readonly monotonicMs?: () => number
}

export interface AuditTallier {
  /**
   * Tallies what has settled since the round before, then some of what is older than the first round of all, newest
   * first: after an upgrade the last days are there at once and the rest within minutes. INVARIANT: an event is counted
   * once. Two nodes may do it at the same time: each step moves the mark from where it was, or adds nothing.
   */
  round(nowMs: EpochMs, goOn?: () => boolean): Promise<void>
}

/** One transaction's worth: read before it in pages, added in a few rows. */
const eventsPerStep = 20_000

/** So many in one round: more events than the busiest server writes in a minute, and some seconds of one core at most. */
const mostSteps = 100

export function createAuditTallier(deps: Deps): AuditTallier {
  const settled = createSettledMark(deps.greatestEventId, deps.monotonicMs)
  return {
    async round(nowMs, goOn = () => true) {
      const settledId = settled.settledId(nowMs)
      if (settledId !== undefined) await tallyThrough(deps, settledId, goOn)
      await settled.look(nowMs)
    },
  }
}

async function tallyThrough(deps: Deps, settledId: number, goOn: () => boolean): Promise<void> {
  let mark = await firstMark(deps, settledId)
  for (let steps = 0; steps < mostSteps && goOn(); steps++) {
    const step = await nextStep(deps, mark, settledId)
    if (step === undefined) return
    const { counts, to } = step
    const from = mark
    if (!(await deps.transaction(({ tallies }) => tallies.add(counts, from, to)))) return
    mark = to
  }
}

/** Nothing is tallied at first, and everything is either before the mark or after it. */
async function firstMark({ tallies, transaction }: Deps, settledId: number): Promise<TallyMark> {
  const known = await tallies.mark()
  if (known !== undefined) return known
  await transaction(stores => stores.tallies.begin(settledId))
  // Another node may have been first.
  return (await tallies.mark())!
}

interface Step {
  readonly counts: readonly HourCount[]
  readonly to: TallyMark
}

/** What is new comes first. Undefined when everything that has settled is tallied. */
async function nextStep(
  { tallies }: Deps,
  { fromId, throughId }: TallyMark,
  settledId: number,
): Promise<Step | undefined> {
  if (throughId < settledId) {
    const range = { afterId: throughId, throughId: settledId }
    const run = await countRun(tallies, range, 'oldest', eventsPerStep)
    return { counts: run.counts, to: { fromId, throughId: run.isWhole ? settledId : run.lastId! } }
  }
  if (fromId > 0) {
    const run = await countRun(tallies, { afterId: 0, throughId: fromId }, 'newest', eventsPerStep)
    return { counts: run.counts, to: { fromId: run.isWhole ? 0 : run.lastId! - 1, throughId } }
  }
  return undefined
}
