import { ProblemError } from '@propusk/client'
import { QueryClient } from '@tanstack/react-query'
import { onSessionChange, sessionState } from '../session/index.ts'

/** A rejection is an answer: asking again changes nothing. A network, or a server that restarts, may be back in a moment. */
const isPassing = (error: unknown): boolean => !(error instanceof ProblemError) || error.status >= 500

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 3 && isPassing(error),
      retryDelay: failures => Math.min(500 * 2 ** failures, 5_000),
    },
    mutations: { retry: false },
  },
})

/** What one person has read is not shown to the next one who signs in on this page, in another tab perhaps. */
export function forgetOnChangeOfPerson(): void {
  let shown: number | undefined
  onSessionChange(() => {
    const session = sessionState()
    if (session.status !== 'in') return
    const { id } = session.profile
    if (shown !== undefined && id !== shown) queryClient.clear()
    shown = id
  })
}
