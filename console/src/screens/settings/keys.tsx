import { Button, Group, Table } from '@mantine/core'
import type { SigningKey } from '@propusk/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormat } from '../../i18n/index.ts'
import { api, useMay } from '../../session/index.ts'
import {
  Ago,
  CopyText,
  confirm,
  ErrorState,
  LoadingRows,
  notifyDone,
  ScrollAcross,
  Section,
  Status,
} from '../../ui/index.ts'
import { useSettingsText } from './messages.ts'
import classes from './settings.module.css'

/** While a next key is there: it signs within minutes. */
const renewMs = 5_000

export function Keys() {
  const text = useSettingsText()
  const may = useMay()
  const queries = useQueryClient()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['server', 'keys'],
    queryFn: ({ signal }) => api.call('listSigningKeys', { signal }),
    refetchInterval: ({ state }) =>
      state.data?.some(key => key.state === 'next') === true ? renewMs : false,
  })
  const rotate = () =>
    confirm({
      title: text('rotateTitle'),
      body: text('rotateBody'),
      verb: text('rotate'),
      async act() {
        await api.call('rotateSigningKeys', { body: {} })
        await queries.invalidateQueries({ queryKey: ['server'] })
        notifyDone(text('rotated'))
      },
    })
  const signNow = () =>
    confirm({
      title: text('signNowTitle'),
      body: text('signNowBody'),
      verb: text('signNow'),
      async act() {
        await api.call('rotateSigningKeys', { body: { now: true } })
        await queries.invalidateQueries({ queryKey: ['server'] })
        notifyDone(text('signsNow'))
      },
    })
  const hasNext = data?.some(key => key.state === 'next') === true
  return (
    <Section
      id="keys"
      title={text('keys')}
      lead={text('keysLead')}
      actions={
        may('server', 'update') && (
          <Group gap="xs">
            <Button variant="default" onClick={rotate} disabled={hasNext}>
              {text('rotate')}
            </Button>
            <Button variant="default" onClick={signNow}>
              {text('signNow')}
            </Button>
          </Group>
        )
      }
    >
      {isPending && <LoadingRows count={2} />}
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <ScrollAcross label={text('keys')}>
          <Table className={classes.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{text('kid')}</Table.Th>
                <Table.Th>{text('algorithm')}</Table.Th>
                <Table.Th>{text('made')}</Table.Th>
                <Table.Th>{text('state')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map(key => (
                <Table.Tr key={key.kid}>
                  <Table.Td>
                    <CopyText value={key.kid} />
                  </Table.Td>
                  <Table.Td>{key.algorithm}</Table.Td>
                  <Table.Td>
                    <Ago at={key.created_at} />
                  </Table.Td>
                  <Table.Td>
                    <KeyState signingKey={key} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollAcross>
      )}
    </Section>
  )
}

function KeyState({ signingKey: { state, signs_at, published_until } }: { readonly signingKey: SigningKey }) {
  const text = useSettingsText()
  const format = useFormat()
  if (state === 'signing') return <Status tone="good">{text('signs')}</Status>
  if (state === 'next' && signs_at !== null)
    return <Status tone="warn">{text('next', { when: format.dateTime(signs_at) })}</Status>
  if (published_until === null) return <Status tone="warn">{text('soon')}</Status>
  return <Status tone="quiet">{text('retired', { when: format.dateTime(published_until) })}</Status>
}
