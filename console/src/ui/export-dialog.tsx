import { Button, Checkbox, Group, Modal, SegmentedControl, Select, SimpleGrid, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/index.ts'
import { useExportText } from './export-messages.ts'
import { useCommonText } from './messages.ts'

/** What the query of an export takes beside the filters of its list. */
export interface ExportShape {
  readonly format: 'csv' | 'jsonl'
  readonly separator?: 'comma' | 'semicolon' | 'tab'
  readonly columns?: string
}

/** What is about to be exported, as far as the page that asks knows it. */
export interface ExportScope {
  /** The names of the columns, as the API has them. */
  readonly columns?: readonly string[]
  /** What narrows the list, in words. */
  readonly filters?: readonly string[]
  /** How many rows have been read so far, and whether there are more. */
  readonly rows?: { readonly count: number; readonly hasMore: boolean }
}

interface ExportDialogProps extends ExportScope {
  onExport(shape: ExportShape): void
  onClose(): void
}

/** Asks which columns are wanted in which form, and says what the file will hold. */
export function ExportDialog({ columns = [], filters, rows, onExport, onClose }: ExportDialogProps) {
  const text = useExportText()
  const common = useCommonText()
  const format = useFormat()
  const { language } = useTranslation().i18n
  const [kind, setKind] = useState<ExportShape['format']>('csv')
  // Excel with Russian settings opens a table with semicolons.
  const [separator, setSeparator] = useState(language === 'ru' ? 'semicolon' : 'comma')
  const [left, setLeft] = useState<readonly string[]>([])
  const chosen = columns.filter(column => !left.includes(column))
  const submit = () =>
    onExport({
      format: kind,
      ...(kind === 'csv' && { separator: separator as 'comma' }),
      ...(left.length > 0 && { columns: chosen.join(',') }),
    })
  return (
    <Modal
      opened
      onClose={onClose}
      title={text('title')}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      <Stack gap="md">
        <div>
          {filters !== undefined &&
            (filters.length === 0 ? text('noFilters') : `${text('filters')}: ${filters.join('; ')}.`)}{' '}
          {rows !== undefined &&
            text(rows.hasMore ? 'atLeast' : 'exactly', {
              count: rows.count,
              shown: format.number(rows.count),
            })}
        </div>
        <Group gap="md" align="flex-end" grow preventGrowOverflow={false}>
          <SegmentedControl
            aria-label={text('format')}
            value={kind}
            onChange={value => setKind(value as ExportShape['format'])}
            data={(['csv', 'jsonl'] as const).map(value => ({ value, label: text(value) }))}
          />
          <Select
            label={text('separator')}
            disabled={kind !== 'csv'}
            allowDeselect={false}
            value={separator}
            onChange={value => setSeparator(value ?? 'comma')}
            data={(['comma', 'semicolon', 'tab'] as const).map(value => ({ value, label: text(value) }))}
          />
        </Group>
        {columns.length > 0 && (
          <Checkbox.Group
            label={text('columns')}
            value={[...chosen]}
            onChange={next => setLeft(columns.filter(column => !next.includes(column)))}
          >
            <SimpleGrid cols={2} spacing="xs" mt={6}>
              {columns.map(column => (
                <Checkbox key={column} value={column} label={<code>{column}</code>} />
              ))}
            </SimpleGrid>
          </Checkbox.Group>
        )}
        <div className="dim">{text('recorded')}</div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button onClick={submit} disabled={columns.length > 0 && chosen.length === 0} data-autofocus>
            {text('exportIt')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
