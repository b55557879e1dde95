import { EntryDetail } from './entry-detail.tsx'
import { resourceKind } from './entry-kind.ts'

export const ResourceDetail = () => <EntryDetail kind={resourceKind} />
