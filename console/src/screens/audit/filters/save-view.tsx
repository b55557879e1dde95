import { Button, Popover, Stack, TextInput } from '@mantine/core'
import { BookmarkPlus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useCommonText } from '../../../ui/index.ts'
import type { AuditSearch } from './audit-search.ts'
import { useFilterText } from './messages.ts'
import type { SavedView } from './use-saved-views.ts'

interface SaveViewProps {
  readonly search: AuditSearch
  onSave(view: SavedView): void
}

/** Names the filters as they stand. */
export function SaveView({ search, onSave }: SaveViewProps) {
  const text = useFilterText()
  const common = useCommonText()
  const [isOpen, setOpen] = useState(false)
  const [name, setName] = useState('')
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    onSave({ name: name.trim(), search })
    setName('')
    setOpen(false)
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<BookmarkPlus size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {text('saveView')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={text('saveView')}>
        <form onSubmit={save}>
          <Stack gap="xs">
            <TextInput
              label={text('viewName')}
              description={text('viewKept')}
              maxLength={60}
              value={name}
              onChange={event => setName(event.currentTarget.value)}
              data-autofocus
            />
            <Button type="submit" size="xs" disabled={name.trim() === ''}>
              {common('save')}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
