import { UnstyledButton } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useFormat } from '../i18n/index.ts'
import { Permission } from '../ui/permission.tsx'
import { Avatar, nameOf } from '../ui/person.tsx'
import classes from './blast-radius.module.css'
import type { EffectGroup } from './effect-groups.ts'
import { useAccessText } from './messages.ts'

const peopleAtFirst = 6
const permissionsAtFirst = 6

/** What happens, and to whom. */
export function Effect({ group }: { readonly group: EffectGroup }) {
  return (
    <li className={classes.group}>
      <Chips names={group.gains} tone="gained" />
      <Chips names={group.losses} tone="lost" />
      <Few className={classes.people} all={group.people} atFirst={peopleAtFirst}>
        {person => (
          <span key={person.id} className={classes.person} title={person.email}>
            <Avatar person={person} size={18} />
            {nameOf(person)}
          </span>
        )}
      </Few>
    </li>
  )
}

interface ChipsProps {
  readonly names: readonly string[]
  readonly tone: 'gained' | 'lost'
}

/** Each side on lines of its own, so that a loss never hides behind many gains. */
function Chips({ names, tone }: ChipsProps) {
  if (names.length === 0) return null
  return (
    <Few className={classes.chips} all={names} atFirst={permissionsAtFirst}>
      {name => <Permission key={name} name={name} tone={tone} />}
    </Few>
  )
}

interface FewProps<Thing> {
  readonly className: string | undefined
  readonly all: readonly Thing[]
  readonly atFirst: number
  children(thing: Thing): ReactNode
}

/** The first few of many; the rest on demand. One more than the few is shown rather than counted. */
function Few<Thing>({ className, all, atFirst, children }: FewProps<Thing>) {
  const text = useAccessText()
  const format = useFormat()
  const [isOpen, setOpen] = useState(false)
  const shown = isOpen || all.length <= atFirst + 1 ? all : all.slice(0, atFirst)
  const rest = all.length - shown.length
  return (
    <div className={className}>
      {shown.map(children)}
      {rest > 0 && (
        <UnstyledButton className={classes.more} onClick={() => setOpen(true)}>
          {text('andMore', { shown: format.number(rest) })}
        </UnstyledButton>
      )}
    </div>
  )
}
