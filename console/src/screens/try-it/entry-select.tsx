import { type ComboboxItem, type OptionsFilter, Select, type SelectProps } from '@mantine/core'
import { naturally, useEntryName } from '../../access/index.ts'
import classes from './try-it.module.css'

interface EntrySelectProps extends Pick<SelectProps, 'label' | 'ref'> {
  readonly rows: readonly { readonly code_name: string; readonly name: string }[] | undefined
  readonly value: string | undefined
  onChange(codeName: string): void
}

/** By the name that is shown or the code name: whoever knows the API types what stands there. */
const byNameOrCode: OptionsFilter = ({ options, search }) => {
  const words = search.trim().toLowerCase()
  return (options as ComboboxItem[]).filter(
    ({ label, value }) => label.toLowerCase().includes(words) || value.includes(words),
  )
}

/** One resource or one action, by its name with the code name beside it. Typing marks the first that fits: Enter takes it. */
export function EntrySelect({ rows = [], value, onChange, ...rest }: EntrySelectProps) {
  const entryName = useEntryName()
  const known = rows.some(row => row.code_name === value)
  const data = rows
    .map(row => ({ value: row.code_name, label: entryName(row) }))
    .sort((a, b) => naturally(a.label, b.label))
  return (
    <Select
      {...rest}
      searchable
      selectFirstOptionOnChange
      allowDeselect={false}
      value={value ?? null}
      onChange={chosen => chosen !== null && onChange(chosen)}
      // Whoever may not read the list sees what the address says.
      data={value === undefined || known ? data : [...data, { value, label: value }]}
      filter={byNameOrCode}
      renderOption={({ option }) => (
        <span className={classes.option}>
          {option.label} <code className="dim">{option.value}</code>
        </span>
      )}
    />
  )
}
