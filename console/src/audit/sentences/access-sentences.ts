import { changeIn, countIn, listChange, namesIn, recordIn, textIn } from '../audit-details.ts'
import {
  type EventFacts,
  effects,
  joined,
  type Key,
  known,
  listChanges,
  named,
  type Sentence,
  some,
  valuesClause,
} from './sentence.ts'

const apiKey =
  (key: Key): Sentence =>
  ({ details, id, text }) =>
    text(key, { name: textIn(details, 'name') || id })

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

/** Roles, resources, actions, permissions, API keys and rules of forward-auth. */
export const accessSentences: Readonly<Record<string, Sentence>> = {
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
  'forward_rule.create': forwardRule('forwardRuleCreated'),
  'forward_rule.update': forwardRule('forwardRuleChanged'),
  'forward_rule.delete': forwardRule('forwardRuleDeleted'),
}
