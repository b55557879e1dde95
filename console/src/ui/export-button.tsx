import { Button } from '@mantine/core'
import { Download, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { useFormat } from '../i18n/index.ts'
import { ExportDialog, type ExportScope, type ExportShape } from './export-dialog.tsx'
import { type ExportId, exportFile } from './export-file.ts'
import { useExportText } from './export-messages.ts'
import { useCommonText } from './messages.ts'
import { notifyProblem } from './notify.tsx'
import type { Filters } from './use-list.ts'

interface ExportButtonProps {
  readonly id: ExportId
  /** What narrows and orders the list that is shown: the file has the same rows. */
  readonly query: Filters
  /** The name of the file without its ending. */
  readonly name: string
  readonly scope?: ExportScope
}

/** The whole list as a file, however long; while it comes it counts the rows, and can be stopped. */
export function ExportButton({ id, query, name, scope }: ExportButtonProps) {
  const text = useCommonText()
  const exportText = useExportText()
  const [isAsking, setAsking] = useState(false)
  const format = useFormat()
  const [rows, setRows] = useState<number>()
  const stop = useRef<AbortController>(undefined)

  const run = async (shape: ExportShape) => {
    setAsking(false)
    stop.current = new AbortController()
    const { signal } = stop.current
    setRows(0)
    try {
      const request = { query: { ...query, ...shape }, signal, onRows: setRows }
      await exportFile(id, `${name}.${shape.format}`, request)
    } catch (error) {
      if (!signal.aborted) notifyProblem(error)
    } finally {
      setRows(undefined)
    }
  }

  if (rows === undefined) {
    return (
      <>
        <Button
          variant="default"
          leftSection={<Download size={15} aria-hidden />}
          aria-haspopup="dialog"
          onClick={() => setAsking(true)}
        >
          {exportText('export')}
        </Button>
        {isAsking && (
          <ExportDialog {...scope} onExport={shape => void run(shape)} onClose={() => setAsking(false)} />
        )}
      </>
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
