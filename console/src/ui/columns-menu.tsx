import { ActionIcon, Checkbox, Popover, Stack, Tooltip } from '@mantine/core'
import { Columns3 } from 'lucide-react'
import { useCommonText } from './messages.ts'

interface ColumnsMenuProps {
  readonly columns: readonly { readonly id: string; readonly header: string }[]
  readonly shown: readonly string[]
  onChange(shown: readonly string[]): void
}

/** Which columns a table shows. The first one names the row and always stays. */
export function ColumnsMenu({ columns, shown, onChange }: ColumnsMenuProps) {
  const text = useCommonText()
  const [first, ...others] = columns
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={text('columns')}>
          <ActionIcon variant="default" size={36} aria-label={text('columns')}>
            <Columns3 size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={text('columns')}>
        <Stack gap={10}>
          {first !== undefined && <Checkbox label={first.header} checked disabled />}
          {others.map(({ id, header }) => (
            <Checkbox
              key={id}
              label={header}
              checked={shown.includes(id)}
              onChange={() =>
                onChange(shown.includes(id) ? shown.filter(other => other !== id) : [...shown, id])
              }
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
