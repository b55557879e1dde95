import { SegmentedControl } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { PersonFilter } from '../../../ui/index.ts'
import { useSessionsText } from '../messages.ts'
import classes from './session-filters.module.css'
import { isActiveOf, type Shown, shownBy } from './shown.ts'

/** What narrows the list; it stands in the address, so that a view can be shared. */
export function SessionFilters() {
  const text = useSessionsText()
  const navigate = useNavigate({ from: '/console/sessions' })
  const { is_active, user_id = '' } = useSearch({ from: '/console/sessions' })
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '.', search: old => ({ ...old, ...change }), replace: true })
  return (
    <>
      <PersonFilter
        label={text('anybody')}
        className={classes.person}
        value={user_id}
        onChange={id => set({ user_id: id })}
      />
      <SegmentedControl
        aria-label={text('state')}
        className={classes.state}
        value={shownBy(is_active)}
        onChange={shown => set({ is_active: isActiveOf(shown as Shown), ordering: undefined })}
        data={[
          { value: 'live', label: text('onlyLive') },
          { value: 'ended', label: text('onlyEnded') },
          { value: 'all', label: text('all') },
        ]}
      />
    </>
  )
}
