export { createExportRows, type ExportAct, type ExportRows } from './export-rows.ts'
export { createExportSlots } from './export-slots.ts'
