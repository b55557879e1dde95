import { Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Ago, ErrorState, LoadingRows, nodesQuery, ScrollAcross, Section, Status } from '../../ui/index.ts'
import { useSettingsText } from './messages.ts'
import classes from './settings.module.css'

export function Nodes() {
  const text = useSettingsText()
  const { data, error, isPending, refetch } = useQuery(nodesQuery)
  return (
    <Section title={text('nodes')}>
      {isPending && <LoadingRows count={2} />}
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <ScrollAcross label={text('nodes')}>
          <Table className={classes.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{text('host')}</Table.Th>
                <Table.Th>{text('version')}</Table.Th>
                <Table.Th>{text('started')}</Table.Th>
                <Table.Th>{text('seen')}</Table.Th>
                <Table.Th>{text('state')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map(node => (
                <Table.Tr key={node.id}>
                  <Table.Td>
                    {node.host ?? node.id}{' '}
                    {node.is_this_one && <span className="dim">{text('thisOne')}</span>}
                  </Table.Td>
                  <Table.Td>{node.version}</Table.Td>
                  <Table.Td>
                    <Ago at={node.started_at} />
                  </Table.Td>
                  <Table.Td>
                    <Ago at={node.seen_at} />
                  </Table.Td>
                  <Table.Td>
                    <Status tone={node.is_alive ? 'good' : 'bad'}>
                      {text(node.is_alive ? 'alive' : 'silent')}
                    </Status>
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
