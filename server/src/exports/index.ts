export { type CsvCell, type Separator, toCsv } from './csv.ts'
export { createExportRows, type ExportAct, type ExportRows } from './export-rows.ts'
export { createExportSlots } from './export-slots.ts'
export { separatorOf, separatorParameter } from './schemas.ts'
