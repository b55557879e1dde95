import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { ErrorBoundary } from '../shell/page-error.tsx'
import { Start } from '../shell/start.tsx'
import { queryClient } from './query-client.ts'
import { router } from './router.tsx'
import { theme } from './theme.ts'

/** The nonce of this answer: without it the page's policy would refuse the styles that are made while it runs. */
const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content ?? ''
// The lock on scrolling behind a dialog makes a style too, in a library below Mantine's that takes its nonce from here.
setNonce(styleNonce)

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => styleNonce}>
      <QueryClientProvider client={queryClient}>
        <ErrorBoundary>
          <Start>
            <RouterProvider router={router} />
          </Start>
        </ErrorBoundary>
      </QueryClientProvider>
    </MantineProvider>
  )
}
