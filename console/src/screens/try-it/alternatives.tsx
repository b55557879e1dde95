import type { AccessExplained, User } from '@propusk/client'
import {
  type AccessChange,
  applyChanges,
  BlastRadius,
  inverseOf,
  useRefresh,
  useWholeList,
} from '../../access/index.ts'
import { useMay } from '../../session/index.ts'
import { confirm, nameOf, notifyDone, Section } from '../../ui/index.ts'
import { AlternativeRow } from './alternative-row.tsx'
import { useTryText } from './messages.ts'
import { NewRole } from './new-role.tsx'
import { sensitiveOf } from './sensitive.ts'
import classes from './try-it.module.css'
import { useRefusal } from './use-refusal.ts'
import { useRoleName } from './use-role-name.ts'

type Alternative = NonNullable<AccessExplained['alternatives']>[number]

interface AlternativesProps {
  readonly person: User
  /** What was asked about. */
  readonly permission: string
  readonly isAllowed: boolean
  /** Whether the resource and the action exist: what does not is allowed to no one, and no role helps. */
  readonly isKnown: boolean
  readonly alternatives: readonly Alternative[]
}

/** What would turn the answer round; each can be done from here, once its effect has been seen. */
export function Alternatives({ person, permission, isAllowed, isKnown, alternatives }: AlternativesProps) {
  const text = useTryText()
  const may = useMay()
  const [least] = alternatives
  // Only where everything else hands out more than what was asked about.
  const offersNewRole =
    !isAllowed &&
    isKnown &&
    person.is_active &&
    (least === undefined || least.gains > 1) &&
    may('roles', 'create') &&
    may('users', 'update')
  return (
    <Section title={text(isAllowed ? 'changeRefuse' : 'changeAllow')} lead={text('changeLead')}>
      {alternatives.length === 0 && !offersNewRole ? (
        <p className="dim">{text(person.is_superuser ? 'noOtherWay' : 'noChange')}</p>
      ) : (
        <ol className={classes.alternatives}>
          {offersNewRole && <NewRole person={person} permission={permission} />}
          {alternatives.map(alternative => (
            <AlternativeLine
              key={JSON.stringify(alternative.changes)}
              person={person}
              alternative={alternative}
            />
          ))}
        </ol>
      )}
    </Section>
  )
}

interface LineProps {
  readonly person: User
  readonly alternative: Alternative
}

function AlternativeLine({ person, alternative }: LineProps) {
  const text = useTryText()
  const may = useMay()
  const refresh = useRefresh()
  const changes = alternative.changes as readonly AccessChange[]
  const named = nameOf(person)
  const roleName = useRoleName()
  const refusalOf = useRefusal(person)
  const sentences = changes.map(change =>
    text(change.kind, {
      ...change,
      person: named,
      ...('role' in change && { role: roleName(change.role) }),
    }),
  )
  const mayApply = changes.every(change => may(...neededFor(change)))

  const apply = async (wanted: readonly AccessChange[]) => {
    try {
      await applyChanges(wanted)
    } finally {
      await refresh('users', 'roles', 'access', 'sessions')
    }
  }
  const ask = () =>
    confirm({
      title: text('applyTitle'),
      tone: isAllGrant(changes) ? 'grant' : 'destroy',
      body: (
        <>
          <ul className={classes.reasons}>
            {sentences.map(sentence => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <BlastRadius changes={changes} />
        </>
      ),
      verb: text('apply'),
      async act() {
        await apply(changes)
        const inverse = inverseOf(changes)
        notifyDone(text('applied'), inverse && { undo: () => apply(inverse) })
      },
    })

  return (
    <AlternativeRow
      sentences={sentences}
      effect={alternative}
      sensitive={useSensitive(changes)}
      refusal={refusalOf(changes)}
      onApply={mayApply ? ask : undefined}
    />
  )
}

/** What these changes hand out that controls access itself. */
function useSensitive(changes: readonly AccessChange[]): readonly string[] {
  const may = useMay()
  const { data: roles = [] } = useWholeList('roles', 'listRoles', { isOn: may('roles', 'read') })
  return changes.flatMap(change => {
    if (change.kind === 'grant_permission') return sensitiveOf([change.permission])
    if (change.kind !== 'give_role') return []
    return sensitiveOf(roles.find(({ code_name }) => code_name === change.role)?.permissions ?? [])
  })
}

/** Whether nothing is taken from anybody. */
const isAllGrant = (changes: readonly AccessChange[]): boolean =>
  changes.every(({ kind }) => ['give_role', 'grant_permission', 'reactivate_user'].includes(kind))

/** What it takes to make a change; the server checks the rules of rank. */
function neededFor({ kind }: AccessChange): readonly [resource: string, action: string] {
  if (kind === 'grant_permission' || kind === 'take_permission') return ['roles', 'update']
  if (kind === 'delete_role') return ['roles', 'delete']
  if (kind === 'delete_resource') return ['resources', 'delete']
  if (kind === 'delete_action') return ['actions', 'delete']
  return ['users', 'update']
}
