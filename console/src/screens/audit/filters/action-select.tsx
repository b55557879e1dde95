import { Select } from '@mantine/core'
import { findByNames } from '../../../access/index.ts'
import { useActionGroups } from '../../../audit/index.ts'
import { useAuditText } from '../messages.ts'
import classes from './audit-filters.module.css'

interface ActionSelectProps {
  readonly value: string
  onChange(action: string): void
}

/** One kind of act, in words and by its name in the API: both can be typed. */
export function ActionSelect({ value, onChange }: ActionSelectProps) {
  const text = useAuditText()
  const groups = useActionGroups()
  const isKnown = value === '' || groups.some(({ items }) => items.some(item => item.value === value))
  const other = isKnown ? [] : [{ group: '…', items: [{ value, label: value }] }]
  return (
    <Select
      label={text('action')}
      placeholder={text('anyAction')}
      searchable
      clearable
      value={value === '' ? null : value}
      onChange={next => onChange(next ?? '')}
      nothingFoundMessage={text('noSuchAction')}
      data={[...groups, ...other].map(({ group, items }) => ({ group, items: [...items] }))}
      filter={findByNames()}
      renderOption={({ option }) => (
        <span className={classes.option}>
          <span>{option.label}</span>
          <code className="dim">{option.value}</code>
        </span>
      )}
      comboboxProps={{ position: 'bottom-start' }}
      maxDropdownHeight={420}
    />
  )
}
