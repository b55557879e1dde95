import type { OperationId, Operations } from '@propusk/client'
import i18next from 'i18next'
import { api } from '../session/index.ts'
import { download } from './download.ts'
import { notifyDone } from './notify.tsx'
import { readRows } from './read-rows.ts'

/** The operations that answer a table as text. */
export type ExportId = Extract<OperationId, `export${string}`> &
  { [Id in OperationId]: Operations[Id]['success'] extends string ? Id : never }[OperationId]

/** Hands every row of a list to the browser as a file, and says so. */
export async function exportFile(id: ExportId, fileName: string): Promise<void> {
  const file = await readRows(await api.open(id, { query: {} } as never), () => undefined)
  download(file, fileName)
  notifyDone(i18next.t('exported', { ns: 'common', file: fileName }))
}
