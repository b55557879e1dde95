import { Outlet, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../session/index.ts'
import { ExportButton, MasterDetail, NoPermissionState, Page } from '../../ui/index.ts'
import classes from './audit-screen.module.css'
import { AuditFilters } from './filters/audit-filters.tsx'
import { useAuditQuery } from './filters/audit-search.ts'
import { AuditList } from './list/audit-list.tsx'
import { TailSwitch } from './list/tail-switch.tsx'
import { useAuditText } from './messages.ts'
import { useExportScope } from './use-export-scope.ts'

/** What happened, by whom and to what, the newest first and as it happens; each event opens at the right. */
export function AuditScreen() {
  const may = useMay()
  return may('audit', 'read') ? <Audit /> : <NoPermissionState permission="audit:read" />
}

function Audit() {
  const text = useAuditText()
  const narrowing = useAuditQuery()
  const { id } = useParams({ strict: false })
  const scope = useExportScope(narrowing)
  const [isPaused, setPaused] = useState(false)
  const isOpen = id !== undefined
  return (
    <Page
      title={text('title')}
      actions={
        <>
          <TailSwitch isPaused={isPaused} onChange={setPaused} />
          <ExportButton id="exportAuditEvents" query={{ ...narrowing }} name="audit" scope={scope} />
        </>
      }
      fills
    >
      <div className={classes.screen}>
        <AuditFilters />
        <MasterDetail
          list={
            <AuditList
              isPaused={isPaused}
              chosen={isOpen ? Number(id) : undefined}
              onResume={() => setPaused(false)}
            />
          }
          detail={isOpen ? <Outlet /> : undefined}
        />
      </div>
    </Page>
  )
}
