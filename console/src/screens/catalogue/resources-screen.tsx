import { EntriesScreen } from './entries-screen.tsx'
import { resourceKind } from './entry-kind.ts'

export const ResourcesScreen = () => <EntriesScreen kind={resourceKind} />
