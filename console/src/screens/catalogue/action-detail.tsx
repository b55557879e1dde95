import { EntryDetail } from './entry-detail.tsx'
import { actionKind } from './entry-kind.ts'

export const ActionDetail = () => <EntryDetail kind={actionKind} />
