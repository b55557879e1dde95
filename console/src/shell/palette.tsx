import { CatchBoundary } from '@tanstack/react-router'
import { type ComponentType, Suspense, useEffect, useEffectEvent, useState } from 'react'
import { notifyProblem } from '../ui/notify.tsx'
import { lazyPiece, MissingPieceError, reloadOnce } from './missing-piece.ts'
import { usePageErrorText } from './page-error.tsx'
import { hideShortcuts, useShortcutsShown } from './shortcuts-shown.ts'

const CommandPalette = lazyPiece(() => import('./command-palette.tsx'))
const ShortcutsDialog = lazyPiece(() => import('./shortcuts-dialog.tsx'))

interface LayerProps {
  onClose(): void
}

/** The palette, read when it is first wanted. */
export const Palette = ({ onClose }: LayerProps) => <Layer piece={CommandPalette} onClose={onClose} />

/** The help of the keys, likewise. */
export function Shortcuts() {
  return useShortcutsShown() ? <Layer piece={ShortcutsDialog} onClose={hideShortcuts} /> : null
}

type Piece = ComponentType<LayerProps> & { preload?: () => Promise<void> | undefined }

function Layer({ piece: Content, onClose }: LayerProps & { readonly piece: Piece }) {
  // Asks anew where it was missing the last time.
  useState(() => void Content.preload?.())
  return (
    <CatchBoundary
      getResetKey={() => 'layer'}
      errorComponent={({ error }) => <MissingLayer error={error} onClose={onClose} />}
    >
      <Suspense>
        <Content onClose={onClose} />
      </Suspense>
    </CatchBoundary>
  )
}

function MissingLayer({ error, onClose }: LayerProps & { readonly error: unknown }) {
  const text = usePageErrorText()
  const giveUp = useEffectEvent(async () => {
    if (error instanceof MissingPieceError) await reloadOnce()
    notifyProblem(error, error instanceof MissingPieceError ? text('missingHint') : undefined)
    onClose()
  })
  useEffect(() => void giveUp(), [])
  return null
}
