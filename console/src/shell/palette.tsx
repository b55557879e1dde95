import { CatchBoundary } from '@tanstack/react-router'
import { Suspense, useEffect, useEffectEvent, useState } from 'react'
import { notifyProblem } from '../ui/notify.tsx'
import { lazyPiece, MissingPieceError, reloadOnce } from './missing-piece.ts'
import { usePageErrorText } from './page-error.tsx'

const CommandPalette = lazyPiece(() => import('./command-palette.tsx'))

interface PaletteProps {
  onClose(): void
}

/** The palette, read when it is first wanted. */
export function Palette({ onClose }: PaletteProps) {
  // Asks anew where it was missing the last time.
  useState(() => void CommandPalette.preload?.())
  return (
    <CatchBoundary
      getResetKey={() => 'palette'}
      errorComponent={({ error }) => <MissingPalette error={error} onClose={onClose} />}
    >
      <Suspense>
        <CommandPalette onClose={onClose} />
      </Suspense>
    </CatchBoundary>
  )
}

function MissingPalette({ error, onClose }: PaletteProps & { readonly error: unknown }) {
  const text = usePageErrorText()
  const giveUp = useEffectEvent(async () => {
    if (error instanceof MissingPieceError) await reloadOnce()
    notifyProblem(error, error instanceof MissingPieceError ? text('missingHint') : undefined)
    onClose()
  })
  useEffect(() => void giveUp(), [])
  return null
}
