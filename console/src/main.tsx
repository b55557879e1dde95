import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { forgetOnChangeOfPerson, queryClient } from './app/query-client.ts'
import { startI18n } from './i18n/index.ts'
import { watchMailLink } from './screens/account-recovery/mail-token.ts'
import { watchSetupLink } from './screens/setup/setup-token.ts'
import { onSessionChange, sessionState } from './session/index.ts'
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './app/styles.css'

// First of all: a secret leaves the address bar.
watchSetupLink()
watchMailLink()
await startI18n()
forgetOnChangeOfPerson()
followOnceSignedIn()
createRoot(document.getElementById('root')!).render(<App />)

/** What follows the server's events comes after the first screen, where nobody is signed in. */
function followOnceSignedIn(): void {
  const stop = onSessionChange(async () => {
    if (sessionState().status !== 'in') return
    stop()
    const { refreshStaleQueries, startLive } = await import('./live/index.ts')
    refreshStaleQueries(queryClient)
    startLive()
  })
}
