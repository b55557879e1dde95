import { Button, Table } from '@mantine/core'
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
  ScrollAcross,
  Section,
  Status,
  tellDone,
} from '../../ui/index.ts'
import classes from './settings.module.css'
import { useSettingsText } from './words.ts'

/** A new key signs a few seconds after it was made. */
const renewMs = 5_000

export function Keys() {
  const text = useSettingsText()
  const may = useMay()
  const queries = useQueryClient()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['server', 'keys'],
    queryFn: ({ signal }) => api.call('listSigningKeys', { signal }),
    refetchInterval: ({ state }) =>
      state.data?.some(key => key.retired_at === null && !key.is_signing) === true ? renewMs : false,
  })
  const rotate = () =>
    confirm({
      title: text('rotateTitle'),
      body: text('rotateBody'),
      verb: text('rotate'),
      async act() {
        await api.call('rotateSigningKeys', { body: {} })
        await queries.invalidateQueries({ queryKey: ['server'] })
        tellDone(text('rotated'))
      },
    })
  return (
    <Section
      title={text('keys')}
      lead={text('keysLead')}
      actions={
        may('server', 'update') && (
          <Button variant="default" onClick={rotate}>
            {text('rotate')}
          </Button>
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

function KeyState({ signingKey: { is_signing, published_until } }: { readonly signingKey: SigningKey }) {
  const text = useSettingsText()
  const format = useFormat()
  if (is_signing) return <Status tone="good">{text('signs')}</Status>
  if (published_until === null) return <Status tone="warn">{text('soon')}</Status>
  return <Status tone="quiet">{text('retired', { when: format.dateTime(published_until) })}</Status>
}
