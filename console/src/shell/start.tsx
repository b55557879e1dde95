import { Center, Loader } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { restoreSession, useSession } from '../session/index.ts'
import { ErrorState } from '../ui/states.tsx'

/** Finds out who is signed in before anything is shown. */
export function Start({ children }: { readonly children: ReactNode }) {
  const { status } = useSession()
  const [error, setError] = useState<unknown>()

  const restore = () => {
    setError(undefined)
    restoreSession().catch(setError)
  }
  useEffect(restore, [])

  if (status !== 'starting') return children
  if (error !== undefined) return <ErrorState error={error} onRetry={restore} />
  return (
    <Center h="100vh">
      <Loader size="sm" />
    </Center>
  )
}
