import { Button } from '@mantine/core'
import type { AccessExplained, User } from '@propusk/client'
import { type AccessChange, applyChanges, BlastRadius, inverseOf, useRefresh } from '../../access/index.ts'
import { useMay } from '../../session/index.ts'
import { confirm, nameOf, notifyDone, Section } from '../../ui/index.ts'
import { useTryText } from './messages.ts'
import classes from './try-it.module.css'

type Alternative = NonNullable<AccessExplained['alternatives']>[number]

interface AlternativesProps {
  readonly person: User
  readonly isAllowed: boolean
  readonly alternatives: readonly Alternative[]
}

/** What would turn the answer round; each can be done from here, once its effect has been seen. */
export function Alternatives({ person, isAllowed, alternatives }: AlternativesProps) {
  const text = useTryText()
  return (
    <Section title={text(isAllowed ? 'changeRefuse' : 'changeAllow')} lead={text('changeLead')}>
      {alternatives.length === 0 ? (
        <p className="dim">{text(person.is_superuser ? 'noOtherWay' : 'noChange')}</p>
      ) : (
        <ol className={classes.alternatives}>
          {alternatives.map(alternative => (
            <li key={JSON.stringify(alternative.changes)} className={classes.alternative}>
              <AlternativeLine person={person} alternative={alternative} />
            </li>
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
  const sentences = changes.map(change => text(change.kind, { ...change, person: named }))
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
    <>
      <div className={classes.what}>
        {sentences.map(sentence => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className="dim">{text('affects', { count: alternative.affects })}</p>
      </div>
      {mayApply && (
        <Button
          variant="default"
          size="xs"
          aria-label={`${text('apply')}: ${sentences.join(', ')}`}
          onClick={ask}
        >
          {text('apply')}
        </Button>
      )}
    </>
  )
}

/** What it takes to make a change; the server checks the rules of rank. */
function neededFor({ kind }: AccessChange): readonly [resource: string, action: string] {
  if (kind === 'grant_permission' || kind === 'take_permission') return ['roles', 'update']
  if (kind === 'delete_role') return ['roles', 'delete']
  if (kind === 'delete_resource') return ['resources', 'delete']
  if (kind === 'delete_action') return ['actions', 'delete']
  return ['users', 'update']
}
