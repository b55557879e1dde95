import { countIn, type Details, textIn } from '../audit-details.ts'
import { known, plain, type Sentence, type SentenceText } from './sentence.ts'

const kindOf = (text: SentenceText, details: Details): string => {
  const kind = textIn(details, 'kind')
  return known(text, `kind_${kind}`, kind)
}

/** What the server watches, its keys, mails and database. */
export const systemSentences: Readonly<Record<string, Sentence>> = {
  'throttle.wait': ({ details, text }) =>
    text('waitBegan', { kind: kindOf(text, details), seconds: countIn(details, 'wait_seconds') }),
  'throttle.clear': ({ details, id, text }) =>
    text('waitCleared', { kind: kindOf(text, details), subject: textIn(details, 'subject') || id }),
  'key.create': ({ details, id, text }) =>
    text('keyCreated', { kid: id, algorithm: textIn(details, 'algorithm') }),
  'key.rotate': ({ details, id, text }) =>
    text('keyRotated', { kid: id, algorithm: textIn(details, 'algorithm') }),
  'mail.fail': ({ details, text }) =>
    text('mailFailed', { kind: textIn(details, 'kind'), reason: textIn(details, 'reason') }),
  'mail.retry': ({ details, text }) => text('mailRetried', { kind: textIn(details, 'kind') }),
  'data.export': ({ target, text }) => known(text, `exported_${target}`, target),
  'audit.cut': ({ details, text }) => text('auditCut', { count: countIn(details, 'events') }),
  'database.restore': plain('restored'),
  'database.demo': plain('demoSeeded'),
}
