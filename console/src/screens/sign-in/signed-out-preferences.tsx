import { Suspense, useState } from 'react'
import { lazyPiece } from '../../shell/missing-piece.ts'
import { PreferencesButton } from './preferences-button.tsx'

const PreferencesMenu = lazyPiece(() => import('./preferences-menu.tsx'), 'PreferencesMenu')

/** Language and appearance for whoever is not signed in yet. The menu is read when it is first wanted: it weighs much. */
export function SignedOutPreferences() {
  const [isWanted, setWanted] = useState(false)
  const preload = () => void PreferencesMenu.preload?.()
  const button = (
    <PreferencesButton
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={() => setWanted(true)}
    />
  )
  if (!isWanted) return button
  return (
    <Suspense fallback={button}>
      <PreferencesMenu />
    </Suspense>
  )
}
