import { useMediaQuery } from '@mantine/hooks'
import { Outlet, useParams, useSearch } from '@tanstack/react-router'
import { useMay, useProfile } from '../../session/index.ts'
import { ExportButton, MasterDetail, NoPermissionState, Page } from '../../ui/index.ts'
import { EndEverybody } from './everybody/end-everybody.tsx'
import { useMiddleColumns, useNarrowColumns, useSessionColumns } from './list/session-columns.tsx'
import { SessionFilters } from './list/session-filters.tsx'
import { SessionsList } from './list/sessions-list.tsx'
import { filterOf, shownBy } from './list/shown.ts'
import { useSessionsText } from './messages.ts'

/** Where everybody is signed in, and how it ended elsewhere; each session opens at the right. */
export function SessionsScreen() {
  const may = useMay()
  return may('sessions', 'read') ? <Sessions /> : <NoPermissionState permission="sessions:read" />
}

function Sessions() {
  const text = useSessionsText()
  const viewer = useProfile()
  const { is_active, user_id } = useSearch({ from: '/console/sessions' })
  const { id } = useParams({ strict: false })
  const shown = shownBy(is_active)
  const columns = useSessionColumns(shown)
  const narrow = useNarrowColumns()
  const isOpen = id !== undefined
  const middle = useMiddleColumns(shown)
  const isPhone = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false })
  const isTablet = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false })
  const fitting = isPhone || isOpen ? narrow : isTablet ? middle : columns
  return (
    <Page
      title={text('title')}
      actions={
        <>
          <SessionFilters />
          <ExportButton id="exportSessions" query={{ ...filterOf(shown), user_id }} name="sessions" />
          {viewer.is_superuser && <EndEverybody />}
        </>
      }
      fills
    >
      <MasterDetail
        list={<SessionsList columns={fitting} chosen={isOpen ? Number(id) : undefined} />}
        detail={isOpen ? <Outlet /> : undefined}
      />
    </Page>
  )
}
