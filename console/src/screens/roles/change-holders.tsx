import { Stack } from '@mantine/core'
import type { Role, RoleRead, User } from '@propusk/client'
import { useMemo, useState } from 'react'
import { BlastRadius } from '../../access/index.ts'
import { FormButtons, FormModal, failureText, GatedButton, nameOf, useCommonText } from '../../ui/index.ts'
import { BulkRun } from '../users/bulk/bulk-run.tsx'
import { useHolderText } from './holder-messages.ts'
import { PeoplePicker } from './people-picker.tsx'
import classes from './role-holders.module.css'
import { type HolderChange, useChangeHolders } from './use-change-holders.ts'

interface ChangeHoldersProps {
  readonly role: Role
  readonly kind: HolderChange
  onClose(): void
}

/**
 * Gives the role to any number of people, or takes it from them, once it is plain who gains or loses what by it. Each is
 * judged by itself; who was refused stays chosen, with the reason.
 */
export function ChangeHolders({ role, kind, onClose }: ChangeHoldersProps) {
  const text = useHolderText()
  const [people, setPeople] = useState<readonly User[]>([])
  const run = useChangeHolders(role, kind)
  const changes = useMemo(
    () => people.map(({ id }) => ({ kind: `${kind}_role` as const, user_id: id, role: role.code_name })),
    [people, kind, role.code_name],
  )
  const save = async () => {
    const refused = await run.start(people)
    if (refused.length === 0) onClose()
    else setPeople(refused)
  }

  return (
    <FormModal
      isChanged={people.length > 0 && run.refused.length === 0}
      isBusy={run.isBusy}
      onClose={onClose}
      size={520}
      title={text(`${kind}Title`, { role: role.name })}
    >
      {run.isBusy ? (
        <BulkRun progress={{ finished: run.finished }} total={people.length} onStop={run.stop} />
      ) : (
        <form
          onSubmit={event => {
            event.preventDefault()
            if (people.length > 0) void save()
          }}
        >
          <Stack gap="sm">
            <Refusals refused={run.refused} />
            <PeoplePicker
              label={text('people')}
              nobody={text(`${kind}Nobody`)}
              among={kind === 'give' ? { is_active: true } : { role: role.code_name }}
              isOffered={user => user.roles.includes(role.code_name) === (kind === 'take')}
              chosen={people}
              onChoose={setPeople}
            />
            {changes.length > 0 && <BlastRadius changes={changes} />}
            <FormButtons
              submitText={text(`${kind}Verb`, { count: people.length })}
              isBusy={false}
              canSubmit={people.length > 0}
              onCancel={onClose}
            />
          </Stack>
        </form>
      )}
    </FormModal>
  )
}

interface RefusalsProps {
  readonly refused: ReturnType<typeof useChangeHolders>['refused']
}

function Refusals({ refused }: RefusalsProps) {
  const text = useHolderText()
  const common = useCommonText()
  if (refused.length === 0) return null
  const reasons = Map.groupBy(refused, ({ error }) => failureText(error, common))
  return (
    <div role="alert" className={classes.refused}>
      <p>{text('refused', { count: refused.length })}</p>
      <ul>
        {[...reasons].map(([reason, those]) => (
          <li key={reason}>
            {those.map(({ item }) => nameOf(item)).join(', ')}: {reason}
          </li>
        ))}
      </ul>
    </div>
  )
}

interface HolderButtonsProps {
  readonly role: RoleRead
  readonly hasHolders: boolean
}

/** To give the role to people and to take it from people; the first stands out while nobody holds it. */
export function HolderButtons({ role, hasHolders }: HolderButtonsProps) {
  const text = useHolderText()
  const reason = role.refusals?.assign
  const [open, setOpen] = useState<HolderChange>()
  return (
    <>
      {hasHolders && (
        <GatedButton reason={reason} variant="default" size="xs" onClick={() => setOpen('take')}>
          {text('take')}
        </GatedButton>
      )}
      <GatedButton
        reason={reason}
        {...(hasHolders && { variant: 'default' })}
        size="xs"
        onClick={() => setOpen('give')}
      >
        {text('give')}
      </GatedButton>
      {open !== undefined && <ChangeHolders role={role} kind={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}
