import { EntriesScreen } from './entries-screen.tsx'
import { actionKind } from './entry-kind.ts'

export const ActionsScreen = () => <EntriesScreen kind={actionKind} />
