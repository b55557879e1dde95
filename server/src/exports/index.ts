export { type CsvCell, toCsv } from './csv.ts'
export {
  type BegunExport,
  createExportRows,
  type ExportRequest,
  type ExportRows,
  ExportSlots,
} from './export-rows.ts'
export { exportParameters, separatorOf, separatorParameter, splitQuery } from './schemas.ts'
export type { ExportCell } from './shape.ts'
