import type { AuditEvent } from '@propusk/client'
import { accessSentences } from './sentences/access-sentences.ts'
import { accountSentences } from './sentences/account-sentences.ts'
import type { SentenceText } from './sentences/sentence.ts'
import { systemSentences } from './sentences/system-sentences.ts'

export interface SentenceContext {
  /** The thing whose page the sentence stands on, such as `users/5`: it is not named again. */
  readonly about?: string
  /** A better name than the id for a target, such as an email for `users/5`. */
  nameOf?(target: string): string | undefined
}

/** By the names of server/src/audit/audit-event.ts. */
const sentences = { ...accountSentences, ...accessSentences, ...systemSentences }

/** The acts that have a sentence. */
export const describedActions: readonly string[] = Object.keys(sentences)

/**
 * An event of the audit as one sentence, in the language of `text`. Who did it stands beside the sentence, not in it.
 * An act that this page does not know is called by its own name.
 */
export function describeAuditEvent(
  event: AuditEvent,
  text: SentenceText,
  context: SentenceContext = {},
): string {
  const name = context.nameOf?.(event.target ?? '')
  const id = name ?? event.target?.split('/')[1] ?? ''
  const describe = sentences[event.action]
  const what =
    describe?.({ details: event.details, outcome: event.outcome, target: event.target ?? '', id, text }) ??
    text('unknown', { action: event.action, target: event.target ?? '–' })
  const subject = subjectOf(event, context, name)
  if (subject === undefined) return capitalised(what)
  return name === undefined
    ? capitalised(text('about', { subject: text('user', { id: subject }), what }))
    : text('about', { subject: name, what })
}

/** The account that an event is about, unless the reader knows it already: from the page, or from who did it. */
function subjectOf(
  { action, target, actor }: AuditEvent,
  { about }: SentenceContext,
  name: string | undefined,
): string | undefined {
  const [kind, id] = (target ?? '').split('/')
  const isKnown = target === about || String(actor?.id) === id
  const hasEmail = action === 'user.create' || action === 'user.setup'
  if (kind !== 'users' || id === undefined || isKnown || hasEmail) return undefined
  return name ?? id
}

const capitalised = (sentence: string): string => {
  const [first = '', ...rest] = sentence
  return first.toLocaleUpperCase() + rest.join('')
}
