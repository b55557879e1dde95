import { ActionIcon, Button } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { X } from 'lucide-react'
import classes from './audit-filters.module.css'
import type { AuditSearch } from './audit-search.ts'
import { useFilterText } from './messages.ts'
import { Toggle } from './period-buttons.tsx'
import { SaveView } from './save-view.tsx'
import { useSavedViews } from './use-saved-views.ts'
import { noFilters, useSetSearch } from './use-set-search.ts'

/** What is asked for most. Each narrows beside the other filters, and goes by a second press. */
const builtIn = [
  { name: 'role_changes', search: { kind: 'role_changes' } },
  { name: 'access_changes', search: { kind: 'access_changes' } },
  { name: 'incidents', search: { kind: 'incidents' } },
  { name: 'refused', search: { outcome: 'failure' } },
  { name: 'denied', search: { outcome: 'denied' } },
] as const

const off = { kind: undefined, outcome: undefined }

/** Views of the audit by one press: those that everybody has, and one's own. */
export function ViewChips() {
  const text = useFilterText()
  const set = useSetSearch()
  const search: AuditSearch = useSearch({ from: '/console/audit' })
  const { views, save, remove } = useSavedViews()
  const isNarrowed = Object.keys(noFilters).some(name => search[name as keyof AuditSearch] !== undefined)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of fields.
    <div role="group" aria-label={text('views')} className={classes.line}>
      {builtIn.map(view => {
        const isOn = holds(search, view.search)
        return (
          <Toggle key={view.name} isOn={isOn} onClick={() => set(isOn ? off : { ...off, ...view.search })}>
            {text(view.name)}
          </Toggle>
        )
      })}
      {views.map(({ name, search: saved }) => (
        <Button.Group key={name}>
          <Toggle isOn={isSame(search, saved)} onClick={() => set({ ...noFilters, ...saved })}>
            {name}
          </Toggle>
          <ActionIcon
            size={30}
            variant="default"
            aria-label={text('removeView', { name })}
            onClick={() => remove(name)}
          >
            <X size={13} aria-hidden />
          </ActionIcon>
        </Button.Group>
      ))}
      {isNarrowed && <SaveView search={search} onSave={save} />}
    </div>
  )
}

const holds = (search: AuditSearch, part: AuditSearch): boolean =>
  Object.entries(part).every(([name, value]) => search[name as keyof AuditSearch] === value)

const isSame = (search: AuditSearch, saved: AuditSearch): boolean =>
  Object.keys(noFilters).every(name => search[name as keyof AuditSearch] === saved[name as keyof AuditSearch])
