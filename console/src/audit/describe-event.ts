import type { AuditEvent, UserChange } from '@propusk/client'
import { changeIn, countIn, type Details, listChange, namesIn, recordIn, textIn } from './audit-details.ts'
import type { useAuditSentenceText } from './messages.ts'

export type SentenceText = ReturnType<typeof useAuditSentenceText>
type Key = Parameters<SentenceText>[0]

export interface SentenceContext {
  /** The thing whose page the sentence stands on, such as `users/5`: it is not named again. */
  readonly about?: string
  /** A better name than the id for a target, such as an email for `users/5`. */
  nameOf?(target: string): string | undefined
}

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

interface EventFacts {
  readonly details: Details
  readonly outcome: AuditEvent['outcome']
  readonly target: string
  /** The name of the target, or its id. */
  readonly id: string
  readonly text: SentenceText
}

type Sentence = (facts: EventFacts) => string | undefined

const plain =
  (key: Key): Sentence =>
  ({ text }) =>
    text(key)

const because =
  (key: Key, reasonKey: Key, prefix: string): Sentence =>
  ({ details, text, id }) => {
    const reason = textIn(details, 'reason')
    if (reason === '') return text(key, { id })
    return text(reasonKey, { id, reason: known(text, `${prefix}${reason}`, reason) })
  }

const named =
  (key: Key): Sentence =>
  facts =>
    joined([facts.text(key, { name: textIn(facts.details, 'code_name') || facts.id }), ...effects(facts)])

const apiKey =
  (key: Key): Sentence =>
  ({ details, id, text }) =>
    text(key, { name: textIn(details, 'name') || id })

const factor =
  (key: Key): Sentence =>
  ({ details, text }) => {
    const name = textIn(details, 'name') || String(changeIn(details, 'name')?.to ?? '')
    return text(key, { name })
  }

/** What was done with an invitation, and the roles that it brings. */
const invitation =
  (key: Key): Sentence =>
  ({ details, text }) => {
    const [roles, leftOut] = [namesIn(details.roles), namesIn(details.left_out)]
    return joined([
      text(key, { email: textIn(details, 'email') }),
      ...(roles.length > 0 ? [text('invitationRoles', { roles: some(text, roles) })] : []),
      ...(leftOut.length > 0 ? [text('invitationLeftOut', { roles: some(text, leftOut) })] : []),
    ])
  }

const forwardRule =
  (key: Key): Sentence =>
  ({ details, id, text }) => {
    const host = textIn(details, 'host')
    return text(key, { name: host === '' ? id : `${host}${textIn(details, 'path')}` })
  }

const entryChanged =
  (key: Key): Sentence =>
  facts =>
    joined([facts.text(key, { name: facts.id }), ...fieldChanges(facts), ...effects(facts)])

const permission =
  (key: Key): Sentence =>
  facts => {
    const parts = [textIn(facts.details, 'resource'), textIn(facts.details, 'action')].filter(Boolean)
    return joined([facts.text(key, { name: parts.join(':') || facts.id }), ...effects(facts)])
  }

/** A role that lost or gained something by a change of something else. */
const roleChanged: Sentence = facts => {
  const { details, id, text } = facts
  const cause = recordIn(details, 'cause')
  if (cause === undefined) return entryChanged('roleChanged')(facts)
  const name = textIn(details, 'code_name') || id
  const lost = some(text, namesIn(details.lost), countIn(details, 'lost_count'))
  const gained = some(text, namesIn(details.gained), countIn(details, 'gained_count'))
  const what =
    lost === ''
      ? text('roleGained', { name, names: gained })
      : gained === ''
        ? text('roleLost', { name, names: lost })
        : text('roleLostAndGained', { name, names: lost, gained })
  const action = textIn(cause, 'action')
  return text('causedBy', {
    what,
    cause: known(text, `cause_${action.replace('.', '_')}`, action, { name: textIn(cause, 'name') }),
  })
}

/** Which roles lost or gained something by it. Whom that concerned stands in the details. */
function effects({ details, target, text }: EventFacts): readonly string[] {
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

/** An address in the place of another. */
const fromTo =
  (key: 'addressChanged' | 'addressUndone'): Sentence =>
  ({ details, text }) =>
    text(key, {
      from: String(changeIn(details, 'email')?.from ?? '?'),
      to: String(changeIn(details, 'email')?.to ?? '?'),
    })

/** By the names of server/src/audit/audit-log.ts. */
const sentences: Readonly<Record<string, Sentence>> = {
  'user.register': plain('registered'),
  'user.login': plain('signedIn'),
  'user.login_failed'(facts) {
    const unrecorded = countIn(facts.details, 'unrecorded')
    if (unrecorded > 0) return facts.text('signInsUnrecorded', { count: unrecorded })
    return because('signInRefused', 'signInRefusedBecause', '')(facts)
  },
  'user.login_step': plain('passwordAccepted'),
  'user.create'({ details, id, text }) {
    const email = textIn(details, 'email') || id
    const roles = namesIn(details.roles)
    return roles.length === 0
      ? text('accountCreated', { email })
      : text('accountCreatedWith', { email, roles: some(text, roles) })
  },
  'user.setup': ({ details, id, text }) =>
    text('firstSuperuserCreated', { email: textIn(details, 'email') || id }),
  'user.update': facts => joined(userChanges(facts)),
  'user.deactivate': plain('deactivated'),
  'user.erase': plain('erased'),
  'user.reactivate': plain('reactivated'),
  'user.password_change'({ details, outcome, text }) {
    if (outcome !== 'success') return text('passwordNotChanged')
    const count = countIn(details, 'sessions_ended')
    return count === 0 ? text('passwordChanged') : text('passwordChangedEnding', { count })
  },
  'user.password_reset': ({ details, text }) =>
    text('passwordReset', { count: countIn(details, 'sessions_ended') }),
  'user.reset_request': plain('resetRequested'),
  'user.reset_start': plain('resetStarted'),
  'user.register_request': plain('registrationRequested'),
  'user.code_request': plain('codeRequested'),
  'user.email_verify': plain('addressProved'),
  'user.email_verify_request': plain('addressProofRequested'),
  'user.email_change': fromTo('addressChanged'),
  'user.email_change_request': plain('addressChangeRequested'),
  'user.email_undo': fromTo('addressUndone'),
  'user.step_up': plain('confirmedAnew'),
  'user.step_up_failed': because('notConfirmed', 'notConfirmedBecause', ''),
  'factor.enroll': factor('factorBegun'),
  'factor.create': facts =>
    facts.outcome === 'success' ? factor('factorOn')(facts) : facts.text('notConfirmed'),
  'factor.update': factor('factorRenamed'),
  'factor.delete': factor('factorRemoved'),
  'factor.recovery_codes': plain('recoveryCodesMade'),
  'factor.cloned': plain('passkeyCopied'),
  'factor.reset': ({ details, text }) =>
    textIn(details, 'reason') === 'email_undo'
      ? text('factorsResetByUndo')
      : text('factorsReset', { reason: textIn(details, 'reason') }),
  'device.remember': plain('deviceRemembered'),
  'device.forget': plain('deviceForgotten'),
  'session.logout': plain('signedOut'),
  'session.end': because('sessionEnded', 'sessionEndedBecause', 'ended_'),
  'session.end_all': ({ details, text }) => text('allEnded', { count: countIn(details, 'sessions') }),
  'session.end_everybody': ({ details, text }) =>
    text('everybodyEnded', { count: countIn(details, 'sessions') }),
  'token.revoke': ({ id, text }) => text('sessionRevoked', { id }),
  'token.reuse': ({ id, text }) => text('tokenReused', { id }),
  'role.create'({ details, id, text }) {
    const name = textIn(details, 'code_name') || id
    const permissions = namesIn(details.permissions)
    return permissions.length === 0
      ? text('roleCreated', { name })
      : text('roleCreatedWith', { name, permissions: some(text, permissions) })
  },
  'role.update': roleChanged,
  'role.delete': named('roleDeleted'),
  'resource.create': named('resourceCreated'),
  'resource.update': entryChanged('resourceChanged'),
  'resource.delete': named('resourceDeleted'),
  'action.create': named('actionCreated'),
  'action.update': entryChanged('actionChanged'),
  'action.delete': named('actionDeleted'),
  'permission.create': permission('permissionCreated'),
  'permission.update': permission('permissionChanged'),
  'permission.delete': permission('permissionDeleted'),
  'access.denied'({ details, target, text }) {
    const count = countIn(details, 'unrecorded')
    const asked = { method: textIn(details, 'method'), path: target }
    const rule = textIn(details, 'rule') || (textIn(details, 'permission') && 'missing')
    const reason = rule && known(text, `rule_${rule}`, rule, { permission: textIn(details, 'permission') })
    const refused = reason ? text('deniedFor', { ...asked, reason }) : text('denied', asked)
    return joined([refused, ...(count > 0 ? [text('deniedUnrecorded', { count })] : [])])
  },
  'api_key.create': apiKey('apiKeyCreated'),
  'api_key.update': apiKey('apiKeyChanged'),
  'api_key.rotate': apiKey('apiKeyRotated'),
  'api_key.delete': apiKey('apiKeyDeleted'),
  'invitation.create': invitation('invitationCreated'),
  'invitation.resend': invitation('invitationResent'),
  'invitation.revoke': invitation('invitationRevoked'),
  'invitation.accept': invitation('invitationAccepted'),
  'forward_rule.create': forwardRule('forwardRuleCreated'),
  'forward_rule.update': forwardRule('forwardRuleChanged'),
  'forward_rule.delete': forwardRule('forwardRuleDeleted'),
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

/** The acts that have a sentence. */
export const describedActions: readonly string[] = Object.keys(sentences)

type Clause = (facts: EventFacts) => readonly string[]

const flagClause =
  (field: string, given: Key, taken: Key): Clause =>
  ({ details, text }) => {
    const change = changeIn(details, field)
    return change === undefined ? [] : [text(change.to === true ? given : taken)]
  }

const valuesClause =
  (field: string, key: Key): Clause =>
  ({ details, text }) => {
    const change = changeIn(details, field)
    return change === undefined ? [] : [text(key, { from: String(change.from), to: String(change.to) })]
  }

const namesClause: Clause = ({ text }) => [text('namesChanged')]

/** What a change of an account says of each field. Opening and closing one are events of their own. */
const accountClauses: Readonly<Record<Exclude<keyof UserChange, 'password' | 'is_active'>, Clause>> = {
  roles({ details, text }) {
    const roles = changeIn(details, 'roles')
    return roles === undefined ? [] : listChanges(text, listChange(roles), 'rolesGiven', 'rolesTaken')
  },
  is_superuser: flagClause('is_superuser', 'superuserGiven', 'superuserTaken'),
  is_staff: flagClause('is_staff', 'staffGiven', 'staffTaken'),
  email: valuesClause('email', 'emailChanged'),
  first_name: namesClause,
  last_name: namesClause,
  middle_name: namesClause,
}

/** Several names are one clause. */
const userChanges = (facts: EventFacts): readonly string[] => [
  ...new Set(
    Object.entries(accountClauses).flatMap(([field, clause]) =>
      field in facts.details ? clause(facts) : [],
    ),
  ),
]

function fieldChanges(facts: EventFacts): readonly string[] {
  const { details, text } = facts
  const permissions = changeIn(details, 'permissions')
  return [
    ...valuesClause('name', 'nameChanged')(facts),
    ...valuesClause('code_name', 'codeNameChanged')(facts),
    ...(permissions === undefined
      ? []
      : listChanges(text, listChange(permissions), 'permissionsAdded', 'permissionsRemoved')),
    ...valuesClause('description', 'descriptionChanged')(facts),
  ]
}

const listChanges = (
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

const some = (text: SentenceText, names: readonly string[], count = names.length): string => {
  const left = count - mostNames
  // One more name is no longer than «and 1 more».
  if (left <= 1) return names.join(', ')
  return text('andMore', { names: names.slice(0, mostNames).join(', '), count: left })
}

/** A word of ours for a code of the server's; the code itself when a newer server has one that we lack. */
const known = (
  text: SentenceText,
  key: string,
  code: string,
  values: Record<string, string> = {},
): string => {
  const word = text(key as Key, values)
  return word === key ? code : word
}

const kindOf = (text: SentenceText, details: Details): string => {
  const kind = textIn(details, 'kind')
  return known(text, `kind_${kind}`, kind)
}

const joined = (clauses: readonly string[]): string | undefined =>
  clauses.length === 0 ? undefined : clauses.join('; ')

const capitalised = (sentence: string): string => {
  const [first = '', ...rest] = sentence
  return first.toLocaleUpperCase() + rest.join('')
}
