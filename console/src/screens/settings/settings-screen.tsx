import { useQuery } from '@tanstack/react-query'
import { api, useMay } from '../../session/index.ts'
import {
  At,
  CopyText,
  ErrorState,
  Fact,
  Facts,
  LoadingRows,
  NoPermissionState,
  Page,
  Section,
} from '../../ui/index.ts'
import { Keys } from './keys.tsx'
import { useSettingsText } from './messages.ts'
import { Nodes } from './nodes.tsx'
import { Policy } from './policy.tsx'
import { Retention } from './retention.tsx'
import { SettingsTable } from './settings-table.tsx'

/** What the server runs with, and the keys that it signs with. */
export function SettingsScreen() {
  const text = useSettingsText()
  const may = useMay()
  if (!may('server', 'read')) return <NoPermissionState permission="server:read" />
  return (
    <Page title={text('title')} lead={text('lead')}>
      <Server />
    </Page>
  )
}

function Server() {
  const text = useSettingsText()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['server', 'settings'],
    queryFn: ({ signal }) => api.call('readServerSettings', { signal }),
  })
  if (isPending) return <LoadingRows />
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <>
      <Section title={text('server')}>
        <Facts>
          <Fact name={text('version')}>{data.version}</Fact>
          <Fact name={text('engine')}>{text(data.engine)}</Fact>
          <Fact name={text('started')}>
            <At at={data.started_at} />
          </Fact>
          <Fact name={text('node')}>
            <CopyText value={data.node} />
          </Fact>
        </Facts>
      </Section>
      <Policy settings={data.settings} />
      <Retention settings={data.settings} />
      <Keys />
      <Nodes />
      <SettingsTable settings={data.settings} />
    </>
  )
}
