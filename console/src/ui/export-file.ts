import type { OperationId, Operations } from '@propusk/client'
import i18next from 'i18next'
import { api } from '../session/index.ts'
import { download } from './download.ts'
import { notifyDone } from './notify.tsx'
import { readRows } from './read-rows.ts'
import type { Filters } from './use-list.ts'

/** The operations that answer a table as text. */
export type ExportId = Extract<OperationId, `export${string}`> &
  { [Id in OperationId]: Operations[Id]['success'] extends string ? Id : never }[OperationId]

interface Exporting {
  readonly query?: Filters
  readonly signal?: AbortSignal
  /** Called with the number of rows that have come. */
  onRows?(count: number): void
}

/** Hands every row of a list to the browser as a file, and says so. */
export async function exportFile(
  id: ExportId,
  fileName: string,
  { query = {}, signal, onRows = () => undefined }: Exporting = {},
): Promise<void> {
  const file = await readRows(await api.open(id, { query, signal } as never), onRows)
  download(file, fileName)
  notifyDone(i18next.t('exported', { ns: 'common', file: fileName }))
}
