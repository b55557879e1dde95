import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../../session/index.ts'
import { ErrorState, LoadingRows, useCommonText } from '../../../ui/index.ts'
import { EverybodyQuestion } from './everybody-question.tsx'
import { EverybodyRun } from './everybody-run.tsx'
import { useEverybodyText } from './messages.ts'

/** Says how many sessions end and has the number typed; then does it, and says how far the rows have come. */
export function EverybodyDialog({ onClose }: { onClose(): void }) {
  const text = useEverybodyText()
  const common = useCommonText()
  const [isRunning, setRunning] = useState(false)
  // Counted once: the number that is asked for must not change while it is typed.
  const { data, error, refetch } = useQuery({
    queryKey: ['everybody', 'count'],
    queryFn: ({ signal }) => api.call('readStatistics', { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  // All but one's own.
  const others = data === undefined ? undefined : Math.max(0, data.sessions.active - 1)
  return (
    <Modal
      opened
      onClose={() => !isRunning && onClose()}
      size={500}
      title={others === undefined || isRunning ? text('open') : text('title', { count: others })}
      withCloseButton={!isRunning}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {others === undefined && error === null && <LoadingRows count={3} />}
      {others !== undefined && !isRunning && (
        <EverybodyQuestion count={others} onCancel={onClose} onConfirm={() => setRunning(true)} />
      )}
      {others !== undefined && isRunning && <EverybodyRun total={others} onEnd={onClose} />}
    </Modal>
  )
}
