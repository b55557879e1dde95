export {
  type AccountField,
  type AccountTexts,
  accountFieldDefinitions,
  accountFields,
  ownFields,
  toAccountTexts,
  useAccountFieldText,
} from './account-fields.ts'
export { AccountInput } from './account-input.tsx'
export { ColumnsMenu } from './columns-menu.tsx'
export { confirm } from './confirm.tsx'
export { CopyActions } from './copy-actions.tsx'
export { CopyText } from './copy-text.tsx'
export type { Column, Selection } from './data-table/column.ts'
export { DataTable } from './data-table/data-table.tsx'
export { highlightRows } from './data-table/new-rows.ts'
export { describeDevice } from './describe-device.ts'
export { Detail } from './detail.tsx'
export { Device } from './device.tsx'
export { download } from './download.ts'
export { ExportButton } from './export-button.tsx'
export type { ExportScope } from './export-dialog.tsx'
export { FormButtons } from './form-buttons.tsx'
export { FormModal } from './form-modal.tsx'
export { GatedButton, GatedIcon } from './gated-button.tsx'
export { isOutdated } from './is-outdated.ts'
export { LeaveGuard } from './leave-guard.tsx'
export { LinkAnchor, LinkButton } from './link.tsx'
export { MasterDetail } from './master-detail.tsx'
export { useCommonText } from './messages.ts'
export { MiddleText } from './middle-text.tsx'
export { nodesQuery } from './nodes-query.ts'
export { notifyDone, notifyProblem } from './notify.tsx'
export { OutdatedNote } from './outdated-note.tsx'
export { Page, useDocumentTitle } from './page.tsx'
export { Permission } from './permission.tsx'
export { Avatar, nameOf, Person } from './person.tsx'
export { PersonFilter } from './person-filter.tsx'
export { PersonPicker } from './person-picker.tsx'
export { ProblemNote } from './problem-note.tsx'
export { failureText, problemText } from './problem-text.ts'
export { remScale } from './rem-scale.ts'
export { ScrollAcross } from './scroll-across.tsx'
export { SearchInput } from './search-input.tsx'
export { Fact, Facts, Section } from './section.tsx'
export {
  EmptyState,
  ErrorState,
  LoadingRows,
  NoMatchState,
  NoPermissionState,
  NotFoundState,
} from './states.tsx'
export { Status, type Tone } from './status.tsx'
export { Ago, At } from './time.tsx'
export { useEditedRow } from './use-edited-row.ts'
export { useFirstFocus } from './use-first-focus.ts'
export { useFormProblem } from './use-form-problem.ts'
export { useIsNarrow } from './use-is-narrow.ts'
export { useKept } from './use-kept.ts'
export { type Filters, type List, useList } from './use-list.ts'
export { useNow } from './use-now.ts'
export { personQuery, usePerson } from './use-person.ts'
export { useShownColumns } from './use-shown-columns.ts'
export { useTyped } from './use-typed.ts'
