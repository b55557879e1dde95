import { Select, TextInput } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { PersonFilter, useTyped } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import { ActionSelect } from './action-select.tsx'
import { useFilterText } from './messages.ts'
import { useSetSearch } from './use-set-search.ts'

/** By whom, what, to what, from where, and how it came out. */
export function FilterFields() {
  const text = useFilterText()
  const audit = useAuditText()
  const set = useSetSearch()
  const {
    actor = '',
    action = '',
    outcome = '',
    target = '',
    address = '',
  } = useSearch({ from: '/console/audit' })
  return (
    <>
      <PersonFilter
        label={audit('anybody')}
        value={actor}
        onChange={actor => set({ actor: actor || undefined })}
      />
      <ActionSelect value={action} onChange={action => set({ action: action || undefined })} />
      <Select
        label={text('outcome')}
        value={outcome}
        onChange={outcome => set({ outcome: outcome || undefined })}
        allowDeselect={false}
        data={[
          { value: '', label: text('anyOutcome') },
          ...(['success', 'denied', 'failure'] as const).map(value => ({ value, label: audit(value) })),
        ]}
      />
      <TypedFilter
        label={audit('target')}
        hint={audit('targetHint')}
        value={target}
        onChange={target => set({ target: target || undefined }, { replace: true })}
      />
      <TypedFilter
        label={text('address')}
        hint={text('addressHint')}
        value={address}
        onChange={address => set({ address: address || undefined }, { replace: true })}
      />
    </>
  )
}

interface TypedFilterProps {
  readonly label: string
  readonly hint: string
  readonly value: string
  onChange(value: string): void
}

/** A filter that is typed: the list follows once the fingers rest. */
function TypedFilter({ label, hint, value, onChange }: TypedFilterProps) {
  const [typed, change] = useTyped(value, onChange)
  return (
    <TextInput
      label={label}
      placeholder={hint}
      value={typed}
      onChange={event => change(event.currentTarget.value)}
    />
  )
}
