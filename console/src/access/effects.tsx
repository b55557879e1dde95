import { UnstyledButton } from '@mantine/core'
import type { AccessPreviewed } from '@propusk/client'
import { useState } from 'react'
import { useFormat } from '../i18n/index.ts'
import classes from './blast-radius.module.css'
import { Effect } from './effect.tsx'
import { effectGroups } from './effect-groups.ts'
import { useAccessText } from './messages.ts'

interface EffectsProps {
  readonly preview: AccessPreviewed
  /** Whether the answer is that of a moment ago, while the next one is on its way. */
  readonly isStale: boolean
}

/** Kinds of effects that are shown before somebody asks for the rest. */
const groupsAtFirst = 3

export function Effects({ preview, isStale }: EffectsProps) {
  const text = useAccessText()
  const format = useFormat()
  const [isOpen, setOpen] = useState(false)
  const groups = effectGroups(preview.results)
  const shown = isOpen ? groups : groups.slice(0, groupsAtFirst)
  const listed = preview.results.length

  return (
    <div data-stale={isStale || undefined} className={classes.answer}>
      <p role="status" className={classes.numbers}>
        <Numbers preview={preview} />
      </p>
      {shown.length > 0 && (
        <ul className={classes.groups}>
          {shown.map(group => (
            <Effect key={group.people[0]!.id} group={group} />
          ))}
        </ul>
      )}
      {preview.truncated && (
        <p className={classes.quiet}>{text('first', { count: listed, shown: format.number(listed) })}</p>
      )}
      {groups.length > groupsAtFirst && (
        <UnstyledButton className={classes.more} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {text(isOpen ? 'less' : 'moreGroups')}
        </UnstyledButton>
      )}
    </div>
  )
}

/** While everybody is listed, the different permissions of each side; beyond that, what the server has counted. */
function Numbers({ preview }: { readonly preview: AccessPreviewed }) {
  const text = useAccessText()
  const format = useFormat()
  const counted = (key: Parameters<typeof text>[0], count: number, rest = {}) =>
    text(key, { count, shown: format.number(count), ...rest })
  if (preview.users === 0) return text('nobody')
  if (preview.truncated) {
    const parts = [
      preview.gains > 0 && counted('gained', preview.gains),
      preview.losses > 0 && counted('lost', preview.losses),
    ].filter(part => part !== false)
    return `${counted('affected', preview.users)}: ${parts.join(', ')}. ${text('counted')}`
  }
  const side = (key: 'gainers' | 'losers', names: 'gains' | 'losses') => {
    const people = preview.results.filter(effect => effect[names].length > 0)
    const permissions = new Set(people.flatMap(effect => effect[names])).size
    return (
      people.length > 0 && counted(key, people.length, { permissions: counted('permissions', permissions) })
    )
  }
  const sides = [side('gainers', 'gains'), side('losers', 'losses')].filter(part => part !== false)
  return `${sides.join(', ')}.`
}
