import type { AuditEvent } from '@propusk/client'
import { changeIn, countIn, type Details, type listChange, recordIn, textIn } from '../audit-details.ts'
import type { useAuditSentenceText } from '../messages.ts'

export type SentenceText = ReturnType<typeof useAuditSentenceText>
export type Key = Parameters<SentenceText>[0]

export interface EventFacts {
  readonly details: Details
  readonly outcome: AuditEvent['outcome']
  readonly target: string
  /** The name of the target, or its id. */
  readonly id: string
  readonly text: SentenceText
}

export type Sentence = (facts: EventFacts) => string | undefined

export const plain =
  (key: Key): Sentence =>
  ({ text }) =>
    text(key)

export const because =
  (key: Key, reasonKey: Key, prefix: string): Sentence =>
  ({ details, text, id }) => {
    const reason = textIn(details, 'reason')
    if (reason === '') return text(key, { id })
    return text(reasonKey, { id, reason: known(text, `${prefix}${reason}`, reason) })
  }

export const named =
  (key: Key): Sentence =>
  facts =>
    joined([facts.text(key, { name: textIn(facts.details, 'code_name') || facts.id }), ...effects(facts)])

/** Which roles lost or gained something by it. Whom that concerned stands in the details. */
export function effects({ details, target, text }: EventFacts): readonly string[] {
  const found = recordIn(details, 'effects')
  const roles = found === undefined || !Array.isArray(found.roles) ? [] : found.roles
  if (found === undefined || roles.length === 0) return []
  const count = countIn(found, 'roles_count')
  const names = some(
    text,
    roles.map(role => textIn(role as Details, 'role')),
    count,
  )
  const assignments = countIn(found, 'assignments')
  const held = assignments === 0 ? [] : [text('timesHeld', { count: assignments })]
  // Of a role that was changed itself the names stand in the sentence already.
  return target.startsWith('roles/') ? held : [text('rolesAffected', { count, names }), ...held]
}

export type Clause = (facts: EventFacts) => readonly string[]

export const valuesClause =
  (field: string, key: Key): Clause =>
  ({ details, text }) => {
    const change = changeIn(details, field)
    return change === undefined ? [] : [text(key, { from: String(change.from), to: String(change.to) })]
  }

export const listChanges = (
  text: SentenceText,
  { added, removed }: ReturnType<typeof listChange>,
  addedKey: Key,
  removedKey: Key,
): readonly string[] => [
  ...(added.length > 0 ? [text(addedKey, { count: added.length, names: some(text, added) })] : []),
  ...(removed.length > 0 ? [text(removedKey, { count: removed.length, names: some(text, removed) })] : []),
]

/** More names than these make a sentence that nobody reads: the details of the event have them all. */
const mostNames = 4

export const some = (text: SentenceText, names: readonly string[], count = names.length): string => {
  const left = count - mostNames
  // One more name is no longer than «and 1 more».
  if (left <= 1) return names.join(', ')
  return text('andMore', { names: names.slice(0, mostNames).join(', '), count: left })
}

/** A word of ours for a code of the server's; the code itself when a newer server has one that we lack. */
export const known = (
  text: SentenceText,
  key: string,
  code: string,
  values: Record<string, string> = {},
): string => {
  const word = text(key as Key, values)
  return word === key ? code : word
}

export const joined = (clauses: readonly string[]): string | undefined =>
  clauses.length === 0 ? undefined : clauses.join('; ')
