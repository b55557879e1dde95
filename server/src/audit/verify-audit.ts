import type { Checkpoint } from './anchor.ts'
import type { SealStore } from './audit-chain.sql.ts'
import type { Cut, Seal, SealVerifier } from './audit-link.ts'
import { isAnyKnown, judgeCut, judgeSeal, type Known, type Progress, type SealFault } from './verify-link.ts'

export type ChainFault =
  | SealFault
  | { readonly kind: 'checkpoint contradicted' }
  | { readonly kind: 'chain too short' }

export interface AuditFault {
  /** The seal where it shows; of a chain that is too short the checkpoint's. */
  readonly seal: Seal
  readonly fault: ChainFault
}

export interface AuditReport {
  /** In the order of the chain. Empty when every event is as it was when it was sealed. */
  readonly faults: readonly AuditFault[]
  /** False when there were so many faults that the rest was not looked at. */
  readonly isComplete: boolean
  readonly sealCount: number
  /** Without those that were cut off. */
  readonly eventCount: number
  /** The newest cut, when it is ours: what was removed by it is no fault. */
  readonly cut: Cut | undefined
  /** Events of the cut that are there still: a running server removes them within minutes. */
  readonly uncutCount: number
  readonly newest: Seal | undefined
  /** Events after the newest seal, of which nothing can be said. */
  readonly unsealedCount: number
  /**
   * False when neither the master key nor a checkpoint was there: a writer of the database could have made the whole
   * chain.
   */
  readonly areSignaturesChecked: boolean
}

interface Inputs {
  readonly seals: SealStore
  /** The key of the present master key, when that is at hand. */
  readonly present?: SealVerifier | undefined
  /** A seal that was kept elsewhere: the chain must hold it. */
  readonly checkpoint?: Checkpoint | undefined
  /** Told after each seal. */
  readonly onProgress?: (sealCount: number, eventCount: number) => void
}

/** More faults add nothing: by then the audit was changed in many places. */
const maxFaults = 20

const sealsPerPage = 100

/**
 * Walks the whole chain and every event under it, in bounded memory. Each seal is judged by itself, so that one fault
 * hides no other.
 */
export async function verifyAudit(inputs: Inputs): Promise<AuditReport> {
  const { seals, present, checkpoint, onProgress } = inputs
  const keys = { present, ofCheckpoint: checkpoint?.verifier }
  const atFirst = await seals.newestCut()
  const { cut } = await judgeCut(seals, keys)
  const known: Known = { ...keys, cutPosition: cut?.sealPosition }
  const faults: AuditFault[] = []
  let progress: Progress = { previous: undefined, isPreviousSound: true, isPresent: false }
  let sealCount = 0
  let eventCount = 0
  for await (const seal of chainOf(seals)) {
    const found = await judgeSeal(seals, seal, known, progress)
    faults.push(...[...found, ...judgeAgainst(checkpoint, seal)].map(fault => ({ seal, fault })))
    progress = {
      previous: seal,
      isPreviousSound: found.length === 0,
      isPresent: progress.isPresent || seal.keyId === present?.keyId,
    }
    sealCount += 1
    if (seal.position > (cut?.sealPosition ?? 0)) eventCount += seal.eventCount
    onProgress?.(sealCount, eventCount)
    if (faults.length >= maxFaults) break
  }
  // A running server has cut off what this walk had still to read.
  if (faults.length > 0 && (await seals.newestCut())?.sealPosition !== atFirst?.sealPosition)
    return await verifyAudit(inputs)
  const newest = progress.previous
  const isComplete = faults.length < maxFaults
  if (checkpoint !== undefined && isComplete && endsBefore(checkpoint, newest)) {
    faults.push({ seal: checkpoint.seal, fault: { kind: 'chain too short' } })
  }
  return {
    faults,
    isComplete,
    sealCount,
    eventCount,
    cut,
    uncutCount:
      cut === undefined ? 0 : await seals.countEvents({ afterId: null, throughId: cut.throughEventId }),
    newest,
    unsealedCount: await seals.countEventsAfter(newest?.lastEventId ?? 0),
    areSignaturesChecked: isAnyKnown(keys),
  }
}

const judgeAgainst = (checkpoint: Checkpoint | undefined, seal: Seal): readonly ChainFault[] =>
  checkpoint?.seal.position === seal.position && checkpoint.seal.hash !== seal.hash
    ? [{ kind: 'checkpoint contradicted' }]
    : []

const endsBefore = ({ seal }: Checkpoint, newest: Seal | undefined): boolean =>
  (newest?.position ?? 0) < seal.position

async function* chainOf(seals: SealStore): AsyncGenerator<Seal> {
  for (let position = Number.MIN_SAFE_INTEGER; ; ) {
    const page = await seals.listAfter(position, sealsPerPage)
    yield* page
    if (page.length < sealsPerPage) return
    position = page.at(-1)!.position
  }
}

type FaultKind = ChainFault['kind']
type FaultOf<Kind> = Extract<ChainFault, { readonly kind: Kind }>

const count = (events: number): string => (events === 1 ? '1 event' : `${events} events`)

/** One sentence for each kind: what is wrong, and where it does not show by itself, what to do. */
const sentences: { readonly [Kind in FaultKind]: (fault: FaultOf<Kind>, seal: Seal) => string } = {
  'seals missing': ({ fromPosition }, { position }) =>
    fromPosition === position - 1
      ? `seal ${fromPosition} is missing before it, or was moved`
      : `seals ${fromPosition} to ${position - 1} are missing before it, or were moved`,
  'unknown key': (_, { keyId }) =>
    `it is signed with a key that is not this master key’s (${keyId}). After a change of the master key a checkpoint that was taken before vouches for the former one: --checkpoint FILE`,
  'former key again': () =>
    'it is signed with the key of the checkpoint, after seals of the present master key: somebody has used a former master key',
  'seal changed': () => 'the seal was changed: its signature or its place does not fit',
  'wrong predecessor': () =>
    'it does not follow the seal before it: a seal was removed or put in another’s place',
  'events missing': ({ found }, { eventCount }) =>
    `${count(eventCount - found)} missing: ${eventCount} were sealed, ${found} are there`,
  'events added': ({ found }, { eventCount }) =>
    `${count(found - eventCount)} too many: ${eventCount} were sealed, ${found} are there`,
  'events changed': (_, { eventCount }) =>
    `an event was changed, or put in the place of another: the ${eventCount} that are there are not those that were sealed`,
  'events or seal changed': () =>
    'its events, or the seal itself, were changed, added or removed; with the master key it could be said which',
  'checkpoint contradicted': () => 'the checkpoint has another seal in this place: the chain was made anew',
  'chain too short': () =>
    'the checkpoint holds this seal, and the chain ends before it: the newest seals were removed',
}

/** A fault in one line: the seal, the ids of its events, and what is wrong. Shows nothing of the events themselves. */
export function describeAuditFault({ seal, fault }: AuditFault): string {
  const say = sentences[fault.kind] as (fault: ChainFault, seal: Seal) => string
  return `seal ${seal.position} (events ${seal.firstEventId} to ${seal.lastEventId}): ${say(fault, seal)}`
}
