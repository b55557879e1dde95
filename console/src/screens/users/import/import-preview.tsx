import { Button, Group, Stack, Table } from '@mantine/core'
import { useState } from 'react'
import { ScrollAcross, useCommonText } from '../../../ui/index.ts'
import classes from './import.module.css'
import { useImportText } from './messages.ts'
import type { ImportRow } from './read-people.ts'
import type { Import } from './use-import.ts'

const rowsShown = 200

/** Every row with what would become of it, those with faults first; and the question whether to go on with the others. */
export function ImportPreview({ people }: { readonly people: Import }) {
  const text = useImportText()
  const common = useCommonText()
  const { rows, accepted, isFaulty, file } = people
  const [shown, setShown] = useState(rowsShown)
  const ordered = [...rows.filter(isFaulty), ...accepted]
  const faulty = rows.length - accepted.length
  return (
    <Stack gap="md">
      <div role="status">
        <p className={classes.text}>{text('willOpen', { count: accepted.length })}</p>
        {faulty > 0 && <p className={classes.bad}>{text('willRefuse', { count: faulty })}</p>}
        {file !== undefined && file.ignored.length > 0 && (
          <p className={classes.text}>{text('ignored', { heads: file.ignored.join(', ') })}</p>
        )}
        <p className={classes.text}>{text('passwords')}</p>
      </div>
      <Group>
        <Button disabled={accepted.length === 0} onClick={() => void people.run()}>
          {text('run', { count: accepted.length })}
        </Button>
        <Button variant="default" onClick={people.again}>
          {text('again')}
        </Button>
      </Group>
      <ScrollAcross label={text('preview')}>
        <Table aria-label={text('preview')} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{text('line')}</Table.Th>
              <Table.Th>{text('email')}</Table.Th>
              <Table.Th>{text('name')}</Table.Th>
              <Table.Th>{text('roles')}</Table.Th>
              <Table.Th>{text('verdict')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ordered.slice(0, shown).map(row => (
              <PreviewRow key={row.line} row={row} people={people} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollAcross>
      {ordered.length > shown && (
        <Group>
          <Button variant="subtle" size="compact-sm" onClick={() => setShown(shown + 1000)}>
            {common('more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function PreviewRow({ row, people }: { readonly row: ImportRow; readonly people: Import }) {
  const text = useImportText()
  const reasons = useReasons(people)(row)
  return (
    <Table.Tr data-faulty={reasons.length > 0 || undefined}>
      <Table.Td>{row.line}</Table.Td>
      <Table.Td>{row.email}</Table.Td>
      <Table.Td>{[row.first_name, row.middle_name, row.last_name].filter(Boolean).join(' ')}</Table.Td>
      <Table.Td>{row.roles.join(', ')}</Table.Td>
      <Table.Td>
        {reasons.length === 0 ? (
          <span className="dim">{text(row.is_active ? 'opens' : 'opensClosed')}</span>
        ) : (
          <span className={classes.bad}>{reasons.join(' ')}</span>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

/** Why a row is refused, in words. */
export function useReasons({ faults }: Pick<Import, 'faults'>): (row: ImportRow) => readonly string[] {
  const text = useImportText()
  return row => [
    ...(row.fault === undefined ? [] : [text(row.fault)]),
    ...(faults.get(row.line) ?? []).map(({ field, message }) =>
      field === null ? message : `${field}: ${message}`,
    ),
  ]
}
