import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { Download, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { useFormat } from '../i18n/index.ts'
import { api } from '../session/index.ts'
import { download } from './download.ts'
import type { ExportId } from './export-file.ts'
import { useCommonText } from './messages.ts'
import { notifyDone, notifyProblem } from './notify.tsx'
import { readRows } from './read-rows.ts'
import type { Filters } from './use-list.ts'

interface ExportButtonProps {
  readonly id: ExportId
  /** What narrows and orders the list that is shown: the file has the same rows. */
  readonly query: Filters
  readonly fileName: string
}

/** The whole list as a file, however long; while it comes it counts the rows, and can be stopped. */
export function ExportButton({ id, query, fileName }: ExportButtonProps) {
  const text = useCommonText()
  const format = useFormat()
  const [rows, setRows] = useState<number>()
  const stop = useRef<AbortController>(undefined)

  const run = async () => {
    stop.current = new AbortController()
    const { signal } = stop.current
    setRows(0)
    try {
      const file = await readRows(await api.open(id, { query, signal } as never), count => {
        setRows(count)
      })
      download(file, fileName)
      notifyDone(text('exported', { file: fileName }))
    } catch (error) {
      if (!signal.aborted) notifyProblem(error)
    } finally {
      setRows(undefined)
    }
  }

  if (rows === undefined) {
    return (
      <Tooltip label={text('export')}>
        <ActionIcon variant="default" size={36} aria-label={text('export')} onClick={() => void run()}>
          <Download size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    )
  }
  const shown = text('exportedRows', { count: rows, shown: format.number(rows) })
  return (
    <Button
      variant="default"
      rightSection={<X size={14} aria-hidden />}
      aria-label={`${text('stopExport')}: ${shown}`}
      onClick={() => stop.current?.abort()}
    >
      <span className="number">{shown}</span>
    </Button>
  )
}
