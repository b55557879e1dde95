import { Button, Group, Modal, Stack } from '@mantine/core'
import type { AuditEvent } from '@propusk/client'
import { ProblemError } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { BlastRadius, useRefresh } from '../../../access/index.ts'
import { type SentenceContext, useAuditSentence } from '../../../audit/index.ts'
import { useFormat } from '../../../i18n/index.ts'
import { reloadProfile, type WithVersion } from '../../../session/index.ts'
import {
  ErrorState,
  GatedButton,
  isOutdated,
  LoadingRows,
  notifyDone,
  notifyProblem,
  useCommonText,
} from '../../../ui/index.ts'
import { applyReversal, readRow } from './apply-reversal.ts'
import { LaterChanges } from './later-changes.tsx'
import { useRevertText } from './messages.ts'
import { accessChangesOf, type Reversal, type Row, reversalOf, stateOf } from './reversal.ts'
import classes from './revert.module.css'
import { useRevertReason } from './use-revert-reason.ts'
import { useStepWords } from './use-step-words.ts'

interface RevertDialogProps {
  readonly event: AuditEvent
  readonly nameOf: NonNullable<SentenceContext['nameOf']>
  onClose(): void
}

/** Takes an event back: what that would do today, to whom, and what has happened since. */
export function RevertDialog({ event, nameOf, onClose }: RevertDialogProps) {
  const text = useRevertText()
  const common = useCommonText()
  const sentence = useAuditSentence()
  const format = useFormat()
  const reversal = useMemo(() => reversalOf(event), [event])
  const { data, error, refetch } = useQuery({
    queryKey: [reversal?.resource ?? 'audit', 'revert', reversal?.id],
    enabled: reversal !== undefined,
    queryFn: ({ signal }) => readRow(reversal!.resource, reversal!.id, signal),
    // Judged by the state of today, and no earlier one.
    gcTime: 0,
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={text('title')}
      closeButtonProps={{ 'aria-label': common('close') }}
      // Rows behind it are React parents: a press in here opens none of them.
      onClick={press => press.stopPropagation()}
    >
      <Stack gap="sm">
        <div>
          {sentence(event, { nameOf })}
          <div className="dim">
            {event.actor?.email ?? text('someone')}, {format.exact(event.at)}
          </div>
        </div>
        {error !== null && data === undefined ? (
          isGone(error) ? (
            <p className={classes.note}>{text('gone')}</p>
          ) : (
            <ErrorState error={error} onRetry={() => void refetch()} />
          )
        ) : data === undefined || reversal === undefined ? (
          <LoadingRows count={3} />
        ) : (
          <Plan
            event={event}
            reversal={reversal}
            row={data}
            onClose={onClose}
            onOutdated={() => void refetch()}
          />
        )}
      </Stack>
    </Modal>
  )
}

const isGone = (error: unknown): boolean => error instanceof ProblemError && error.code === 'not_found'

interface PlanProps {
  readonly event: AuditEvent
  readonly reversal: Reversal
  readonly row: WithVersion<Row>
  onClose(): void
  /** Somebody has changed the row since it was shown. */
  onOutdated(): void
}

function Plan({ event, reversal, row, onClose, onOutdated }: PlanProps) {
  const text = useRevertText()
  const common = useCommonText()
  const words = useStepWords()
  const refresh = useRefresh()
  const [isBusy, setBusy] = useState(false)
  const by = useMemo(() => Object.groupBy(reversal.steps, step => stateOf(step, row)), [reversal, row])
  const due = useMemo(() => by.due ?? [], [by])
  const changes = useMemo(() => accessChangesOf(due, row), [due, row])
  const reason = useRevertReason(reversal.resource, row, due)

  const revert = async () => {
    setBusy(true)
    try {
      await applyReversal(reversal.resource, row, due)
      await refresh(reversal.resource, 'users', 'access', 'sessions', 'audit')
      await reloadProfile()
      notifyDone(text('done'))
      onClose()
    } catch (error) {
      notifyProblem(error)
      if (isOutdated(error)) onOutdated()
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {due.length > 0 && (
        <div>
          <p className={classes.title}>{text('willDo')}</p>
          <ul className={classes.steps}>
            {due.map(step => (
              <li key={words(step)}>{words(step)}</li>
            ))}
          </ul>
        </div>
      )}
      {(['already', 'changed'] as const).map(
        state =>
          by[state] !== undefined && (
            <p key={state} className={classes.note} data-state={state}>
              {text(state, { what: by[state].map(words).join('; ') })}
            </p>
          ),
      )}
      {due.length === 0 && <p className={classes.note}>{text('nothing')}</p>}
      <LaterChanges event={event} />
      {changes.length > 0 && <BlastRadius changes={changes} />}
      {reason !== undefined && due.length > 0 && <p className={classes.note}>{reason}</p>}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} disabled={isBusy} data-autofocus>
          {common('cancel')}
        </Button>
        <GatedButton
          reason={due.length === 0 ? text('nothing') : reason}
          loading={isBusy}
          onClick={() => void revert()}
        >
          {text('revertIt')}
        </GatedButton>
      </Group>
    </>
  )
}
