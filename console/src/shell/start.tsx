import { Center, Loader } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { restoreSession, useSession } from '../session/index.ts'
import { ErrorState } from '../ui/states.tsx'

/** Finds out who is signed in before anything is shown. */
export function Start({ children }: { readonly children: ReactNode }) {
  const { status } = useSession()
  const [error, setError] = useState<unknown>()

  const restore = () => {
    restoreSession().then(() => setError(undefined), setError)
  }
  useEffect(restore, [])

  if (status !== 'starting') return children
  return (
    <Center component="main" h="100vh">
      {error === undefined ? <Loader size="sm" /> : <ErrorState error={error} onRetry={restore} />}
    </Center>
  )
}
