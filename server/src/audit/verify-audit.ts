import type { Checkpoint } from './anchor.ts'
import type { AuditChain } from './audit-chain.sql.ts'
import type { AuditLink, AuditVerifier, Cut } from './audit-link.ts'
import {
  isAnyKnown,
  type Known,
  type LinkFault,
  type Progress,
  verifyCut,
  verifyLink,
} from './verify-link.ts'

type ChainFault =
  | LinkFault
  | { readonly kind: 'checkpoint contradicted' }
  | { readonly kind: 'chain too short' }

interface AuditFault {
  /** The link where it shows; of a chain that is too short the checkpoint's. */
  readonly link: AuditLink
  readonly fault: ChainFault
}

export interface AuditReport {
  /** In the order of the chain. Empty when every event is as it was when it was linked. */
  readonly faults: readonly AuditFault[]
  /** False when there were so many faults that the rest was not looked at. */
  readonly isComplete: boolean
  readonly linkCount: number
  /** Without those that were cut off. */
  readonly eventCount: number
  /** The newest cut, when it is ours: what was removed by it is no fault. */
  readonly cut: Cut | undefined
  /** Events of the cut that are there still: a running server removes them within minutes. */
  readonly uncutCount: number
  readonly newest: AuditLink | undefined
  /** Events after the newest link, of which nothing can be said. */
  readonly unlinkedCount: number
  /**
   * False when neither the master key nor a checkpoint was there: a writer of the database could have made the whole
   * chain.
   */
  readonly areSignaturesChecked: boolean
}

interface Inputs {
  readonly chain: AuditChain
  /** The key of the present master key, when that is at hand. */
  readonly present?: AuditVerifier | undefined
  /** A link that was kept elsewhere: the chain must hold it. */
  readonly checkpoint?: Checkpoint | undefined
  /** Called after each link. */
  readonly onProgress?: (linkCount: number, eventCount: number) => void
}

/** More faults add nothing: by then the audit was changed in many places. */
const maxFaults = 20

const linksPerPage = 100

/**
 * Walks the whole chain and every event under it, in bounded memory. Each link is verified by itself, so that one fault
 * hides no other.
 */
export async function verifyAudit(inputs: Inputs): Promise<AuditReport> {
  const { chain, present, checkpoint, onProgress } = inputs
  const keys = { present, ofCheckpoint: checkpoint?.verifier }
  const atFirst = await chain.newestCut()
  const { cut } = await verifyCut(chain, keys)
  const known: Known = { ...keys, cutPosition: cut?.linkPosition }
  const faults: AuditFault[] = []
  let progress: Progress = { previous: undefined, isPreviousSound: true, isPresent: false }
  let linkCount = 0
  let eventCount = 0
  for await (const link of chainOf(chain)) {
    const found = await verifyLink(chain, link, known, progress)
    faults.push(...[...found, ...compareWith(checkpoint, link)].map(fault => ({ link, fault })))
    progress = {
      previous: link,
      isPreviousSound: found.length === 0,
      isPresent: progress.isPresent || link.keyId === present?.keyId,
    }
    linkCount += 1
    if (link.position > (cut?.linkPosition ?? 0)) eventCount += link.eventCount
    onProgress?.(linkCount, eventCount)
    if (faults.length >= maxFaults) break
  }
  // A running server has cut off what this walk had still to read.
  if (faults.length > 0 && (await chain.newestCut())?.linkPosition !== atFirst?.linkPosition)
    return await verifyAudit(inputs)
  const newest = progress.previous
  const isComplete = faults.length < maxFaults
  if (checkpoint !== undefined && isComplete && endsBefore(checkpoint, newest)) {
    faults.push({ link: checkpoint.link, fault: { kind: 'chain too short' } })
  }
  return {
    faults,
    isComplete,
    linkCount,
    eventCount,
    cut,
    uncutCount:
      cut === undefined ? 0 : await chain.countEvents({ afterId: null, throughId: cut.throughEventId }),
    newest,
    unlinkedCount: await chain.countEventsAfter(newest?.lastEventId ?? 0),
    areSignaturesChecked: isAnyKnown(keys),
  }
}

const compareWith = (checkpoint: Checkpoint | undefined, link: AuditLink): readonly ChainFault[] =>
  checkpoint?.link.position === link.position && checkpoint.link.hash !== link.hash
    ? [{ kind: 'checkpoint contradicted' }]
    : []

const endsBefore = ({ link }: Checkpoint, newest: AuditLink | undefined): boolean =>
  (newest?.position ?? 0) < link.position

async function* chainOf(chain: AuditChain): AsyncGenerator<AuditLink> {
  for (let position = Number.MIN_SAFE_INTEGER; ; ) {
    const page = await chain.listAfter(position, linksPerPage)
    yield* page
    if (page.length < linksPerPage) return
    position = page.at(-1)!.position
  }
}

type FaultKind = ChainFault['kind']
type FaultOf<Kind> = Extract<ChainFault, { readonly kind: Kind }>

const count = (events: number): string => (events === 1 ? '1 event' : `${events} events`)

/** One sentence for each kind: what is wrong, and where it does not show by itself, what to do. */
const sentences: { readonly [Kind in FaultKind]: (fault: FaultOf<Kind>, link: AuditLink) => string } = {
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

/** A fault in one line: the link, the ids of its events, and what is wrong. Shows nothing of the events themselves. */
export function describeAuditFault({ link, fault }: AuditFault): string {
  const say = sentences[fault.kind] as (fault: ChainFault, link: AuditLink) => string
  return `seal ${link.position} (events ${link.firstEventId} to ${link.lastEventId}): ${say(fault, link)}`
}
