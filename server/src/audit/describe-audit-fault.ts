import type { Seal } from './seal.ts'
import type { AuditFault, ChainFault } from './verify-audit.ts'

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
