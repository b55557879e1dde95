import { useNavigate, useSearch } from '@tanstack/react-router'
import { PersonFilter, SearchInput } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import { ActionSelect } from './action-select.tsx'
import classes from './audit-filters.module.css'
import { InstantInput } from './instant-input.tsx'

/** What narrows the list; it stands in the address, so that a view can be shared. */
export function AuditFilters() {
  const text = useAuditText()
  const navigate = useNavigate({ from: '/console/audit' })
  const {
    actor = '',
    action = '',
    target = '',
    since = '',
    until = '',
  } = useSearch({
    from: '/console/audit',
  })
  const set = (change: Record<string, string>) =>
    void navigate({ to: '.', search: old => ({ ...old, ...change }), replace: true })
  return (
    <div className={classes.filters}>
      <PersonFilter
        label={text('anybody')}
        className={classes.person}
        value={actor}
        onChange={actor => set({ actor })}
      />
      <ActionSelect value={action} onChange={action => set({ action })} />
      <div className={classes.target}>
        <SearchInput value={target} label={text('targetHint')} onSearch={target => set({ target })} />
      </div>
      <InstantInput label={text('since')} value={since} onChange={since => set({ since })} />
      <InstantInput label={text('until')} value={until} onChange={until => set({ until })} />
    </div>
  )
}
