import { Select, type SelectProps } from '@mantine/core'
import { useEntryName } from './entry-names.ts'
import { findByNames, textsOf } from './entry-search.ts'
import classes from './entry-select.module.css'
import { naturally } from './natural-order.ts'

interface EntrySelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange' | 'filter'> {
  readonly rows: readonly { readonly code_name: string; readonly name: string }[] | undefined
  readonly value: string | undefined
  onChange(codeName: string): void
}

/** One resource or one action, by its name with the code name beside it. Typing marks the first that fits: Enter takes it. */
export function EntrySelect({ rows = [], value, onChange, ...rest }: EntrySelectProps) {
  const nameOf = useEntryName()
  const known = new Map(rows.map(row => [row.code_name, row]))
  const data = rows
    .map(row => ({ value: row.code_name, label: nameOf(row) }))
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
      data={value === undefined || known.has(value) ? data : [...data, { value, label: value }]}
      filter={findByNames(value => (known.has(value) ? textsOf(known.get(value)!) : []))}
      renderOption={({ option }) => (
        <span className={classes.option}>
          {option.label} <code className="dim">{option.value}</code>
        </span>
      )}
    />
  )
}
