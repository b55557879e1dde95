import { Button, Group, Select, Stack } from '@mantine/core'
import type { User } from '@propusk/client'
import { useMemo, useState } from 'react'
import { type AccessChange, BlastRadius, naturally } from '../../../access/index.ts'
import { useFormat } from '../../../i18n/index.ts'
import { useProfile } from '../../../session/index.ts'
import { nameOf, useCommonText } from '../../../ui/index.ts'
import { RoleOptionLine } from '../role-option.tsx'
import { type RoleOption, useRoleOptions } from '../use-role-options.ts'
import type { BulkAct, BulkKind } from './bulk-act.ts'
import classes from './bulk-dialog.module.css'
import { LeftOut, type LeftOutItem } from './left-out.tsx'
import { useBulkText } from './messages.ts'

interface BulkQuestionProps {
  readonly kind: BulkKind
  /** Those to whom it can be done, and the others with the reason. */
  readonly people: readonly User[]
  readonly leftOut: readonly LeftOutItem[]
  onCancel(): void
  onRun(act: BulkAct): void
}

/** As many names as anybody reads in a question. */
const mostNames = 6
/** As many changes as the server previews at once. */
const mostPreviewed = 500

export function BulkQuestion({ kind, people, leftOut, onCancel, onRun }: BulkQuestionProps) {
  const text = useBulkText()
  const common = useCommonText()
  const format = useFormat()
  const viewer = useProfile()
  const isSelfAmong = people.some(({ id }) => id === viewer.id)
  const [role, setRole] = useState('')
  const needsRole = kind === 'give_role' || kind === 'take_role'
  const changes = useMemo(() => changesOf({ kind, role }, people), [kind, role, people])
  const names = people.slice(0, mostNames).map(nameOf)
  const rest = people.length - names.length

  return (
    <Stack gap="md">
      {needsRole && <RoleToMove kind={kind} people={people} role={role} onChange={setRole} />}
      {people.length > 0 && (
        <p className={classes.text}>
          {format.list(rest > 0 ? [...names, text('others', { count: rest })] : names)}
        </p>
      )}
      <LeftOut items={leftOut} />
      {kind !== 'give_role' && kind !== 'take_role' && (
        <p className={classes.text}>
          {text(`${kind}_means`)} {kind !== 'reactivate' && isSelfAmong && text('selfAmong')}
        </p>
      )}
      {changes.length > 0 && changes.length <= mostPreviewed && <BlastRadius changes={changes} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel} {...(!needsRole && { 'data-autofocus': true })}>
          {common('cancel')}
        </Button>
        <Button
          disabled={people.length === 0 || (needsRole && role === '')}
          {...(kind !== 'reactivate' && kind !== 'give_role' && { color: 'red' })}
          onClick={() => onRun({ kind, ...(needsRole && { role }) })}
        >
          {text(`${kind}_verb`)}
        </Button>
      </Group>
    </Stack>
  )
}

interface RoleToMoveProps {
  readonly kind: BulkKind
  readonly people: readonly User[]
  readonly role: string
  onChange(role: string): void
}

/** Any role can be given; taken only one that somebody of them holds. */
function RoleToMove({ kind, people, role, onChange }: RoleToMoveProps) {
  const text = useBulkText()
  const [typed, setTyped] = useState('')
  const options = useRoleOptions(typed, [role])
  const held = new Set(people.flatMap(({ roles }) => roles))
  const known = new Map(options.map(option => [option.value, option]))
  return (
    <Select
      label={text('role')}
      searchable
      data-autofocus
      value={role === '' ? null : role}
      onChange={next => onChange(next ?? '')}
      onInput={event => setTyped(event.currentTarget.value)}
      onDropdownClose={() => setTyped('')}
      nothingFoundMessage={text('noRole')}
      renderOption={({ option }) => <RoleOptionLine {...(option as RoleOption)} />}
      {...(kind === 'give_role'
        ? { data: [...options], filter: ({ options }) => options }
        : { data: [...held].sort(naturally).map(value => known.get(value) ?? { value, label: value }) })}
    />
  )
}

/** What is about to be done, as the preview asks for it; nothing for what changes no rights. */
function changesOf({ kind, role = '' }: BulkAct, people: readonly User[]): readonly AccessChange[] {
  if (kind === 'log_out') return []
  if (kind === 'deactivate' || kind === 'reactivate') {
    const concerned = people.filter(({ is_active }) => is_active === (kind === 'deactivate'))
    return concerned.map(({ id }) => ({ kind: `${kind}_user`, user_id: id }))
  }
  if (role === '') return []
  const concerned = people.filter(({ roles }) => roles.includes(role) === (kind === 'take_role'))
  return concerned.map(({ id }) => ({ kind, user_id: id, role }))
}
