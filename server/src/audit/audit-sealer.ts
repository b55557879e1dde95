import type { EpochMs, Transact } from '../kernel/index.ts'
import { readRun } from './read-run.ts'
import { noHash, type Seal, sealHash } from './seal.ts'
import type { SealSigner } from './seal-key.ts'
import type { SealStore } from './seal-store.ts'
import { createSettledMark } from './settled-mark.ts'

interface Deps {
  /** Committed rows. */
  readonly seals: SealStore
  readonly transaction: Transact<{ readonly seals: SealStore }>
  readonly signer: SealSigner
  /** Measures how long ago the audit was looked at; the instants of the rounds do, unless given. */
  readonly monotonicMs?: () => number
}

export interface AuditSealer {
  /**
   * Seals what the round before saw, if that was long enough ago, and looks how far the audit has come now. So an
   * event is sealed in the second round after its writing. Gives the seals that this node has made. Two nodes may do
   * it at once: one of them appends.
   */
  round(nowMs: EpochMs, goOn?: () => boolean): Promise<readonly Seal[]>
}

/** One seal names the place of a change as narrowly as this, and takes a fraction of a second to compute. */
export const maxEventsPerSeal = 10_000

/** So many in one round: more events than the busiest server writes in a minute, and a few seconds of one core at most. */
const maxSealsPerRound = 20

export function createAuditSealer(deps: Deps): AuditSealer {
  const mark = createSettledMark(() => deps.seals.greatestEventId(), deps.monotonicMs)
  return {
    async round(nowMs, goOn = () => true) {
      const throughId = mark.settledId(nowMs)
      const made = throughId === undefined ? [] : await sealThrough(deps, { throughId, nowMs, goOn })
      await mark.look(nowMs)
      return made
    },
  }
}

interface Limits {
  readonly throughId: number
  readonly nowMs: EpochMs
  readonly goOn: () => boolean
}

/** Seals whatever is not sealed yet up to this id, which must have settled. */
async function sealThrough(deps: Deps, { throughId, nowMs, goOn }: Limits): Promise<readonly Seal[]> {
  const made: Seal[] = []
  let newest = await deps.seals.newest()
  while (made.length < maxSealsPerRound && (newest?.lastEventId ?? 0) < throughId && goOn()) {
    const seal = await nextSeal(deps, newest, { throughId, nowMs })
    if (seal === undefined || !(await deps.transaction(({ seals }) => seals.append(seal)))) break
    made.push(seal)
    newest = seal
  }
  return made
}

/** The seal of the next run; undefined when no event is left there, which only happens to an audit that somebody cut. */
async function nextSeal(
  { seals, signer }: Deps,
  previous: Seal | undefined,
  { throughId, nowMs }: Omit<Limits, 'goOn'>,
): Promise<Seal | undefined> {
  const opening = {
    position: (previous?.position ?? 0) + 1,
    firstEventId: (previous?.lastEventId ?? 0) + 1,
    previousHash: previous?.hash ?? noHash,
    sealedAtMs: nowMs,
    keyId: signer.keyId,
  }
  const hash = sealHash(opening)
  let closing = { lastEventId: 0, eventCount: 0 }
  const range = { afterId: previous?.lastEventId ?? null, throughId }
  for await (const { id, columns } of readRun(seals, range, maxEventsPerSeal)) {
    hash.add(columns)
    closing = { lastEventId: id, eventCount: closing.eventCount + 1 }
  }
  if (closing.eventCount === 0) return undefined
  return signer.sign({ ...opening, ...closing, hash: hash.finish(closing) })
}
