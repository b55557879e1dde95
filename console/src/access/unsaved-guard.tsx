import { LeaveGuard } from '../ui/index.ts'
import { useAccessText } from './messages.ts'

/** Stands in the page while something is ticked and not saved: asks before the page is left. */
export function UnsavedGuard() {
  const text = useAccessText()
  return (
    <LeaveGuard
      title={text('unsavedTitle')}
      // Typing into the search of the list leaves the role where it is.
      loses={(from, to) => from.pathname !== to.pathname || compareOf(from.search) !== compareOf(to.search)}
    >
      {text('unsavedBody')}
    </LeaveGuard>
  )
}

const compareOf = (search: unknown): unknown => (search as { compare?: unknown }).compare
