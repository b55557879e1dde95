import type { UserChange } from '@propusk/client'
import { changeIn, countIn, listChange, namesIn, textIn } from '../audit-details.ts'
import {
  because,
  type Clause,
  type EventFacts,
  joined,
  type Key,
  listChanges,
  plain,
  type Sentence,
  some,
  valuesClause,
} from './sentence.ts'

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

/** An address in the place of another. */
const fromTo =
  (key: 'addressChanged' | 'addressUndone'): Sentence =>
  ({ details, text }) =>
    text(key, {
      from: String(changeIn(details, 'email')?.from ?? '?'),
      to: String(changeIn(details, 'email')?.to ?? '?'),
    })

const flagClause =
  (field: string, given: Key, taken: Key): Clause =>
  ({ details, text }) => {
    const change = changeIn(details, field)
    return change === undefined ? [] : [text(change.to === true ? given : taken)]
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
  note: ({ text }) => [text('noteChanged')],
}

/** Several names are one clause. */
const userChanges = (facts: EventFacts): readonly string[] => [
  ...new Set(
    Object.entries(accountClauses).flatMap(([field, clause]) =>
      field in facts.details ? clause(facts) : [],
    ),
  ),
]

/** Accounts, second factors, invitations, sessions and tokens. */
export const accountSentences: Readonly<Record<string, Sentence>> = {
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
  'user.disown': ({ details, text }) => text('disowned', { count: countIn(details, 'sessions_ended') }),
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
  'invitation.create': invitation('invitationCreated'),
  'invitation.resend': invitation('invitationResent'),
  'invitation.revoke': invitation('invitationRevoked'),
  'invitation.accept': invitation('invitationAccepted'),
}
