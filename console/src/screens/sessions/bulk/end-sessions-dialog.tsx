import { Button, Group, Modal, Stack } from '@mantine/core'
import type { Session } from '@propusk/client'
import { useRef, useState } from 'react'
import { useRefresh } from '../../../access/index.ts'
import { useMay } from '../../../session/index.ts'
import { failureText, useCommonText, useFirstFocus } from '../../../ui/index.ts'
import classes from '../../users/bulk/bulk-dialog.module.css'
import { BulkRun } from '../../users/bulk/bulk-run.tsx'
import { LeftOut, Reasons } from '../../users/bulk/left-out.tsx'
import { type BulkProgress, nothingYet, type Outcome, runBulk } from '../../users/bulk/run-bulk.ts'
import { endSession } from '../end-session.ts'
import { useOwnSession } from '../use-own-session.ts'
import { useSessionReasons } from '../use-session-reasons.ts'
import { useSessionsBulkText } from './messages.ts'

interface EndSessionsDialogProps {
  readonly sessions: readonly Session[]
  /** Told whether it was done, or at least begun. */
  onClose(isFinished: boolean): void
}

/** Asks, then ends one session after the other with a way to stop, then says what came of it and what was refused. */
export function EndSessionsDialog({ sessions: chosen, onClose }: EndSessionsDialogProps) {
  const text = useSessionsBulkText()
  const common = useCommonText()
  const may = useMay()
  const own = useOwnSession()
  const refresh = useRefresh()
  const [stage, setStage] = useState<'question' | 'run' | 'result'>('question')
  const [progress, setProgress] = useState<BulkProgress<Session>>(nothingYet)
  const stop = useRef<AbortController>(undefined)
  const reasonOf = useSessionReasons(chosen)
  const sessions = chosen.filter(session => reasonOf(session) === undefined)
  const leftOut = chosen.flatMap(session => {
    const reason = reasonOf(session)
    return reason === undefined ? [] : [{ name: `#${session.id}`, reason }]
  })
  const [total, setTotal] = useState(0)
  const isOwnAmong = sessions.some(({ uuid }) => uuid === own)

  const run = async () => {
    // Whoever ends their own first could not end the others any more.
    const inOrder = sessions.toSorted((left, right) => Number(left.uuid === own) - Number(right.uuid === own))
    const once = async ({ id }: Session): Promise<Outcome> => {
      await endSession(id, may('sessions', 'delete'))
      return 'done'
    }
    stop.current = new AbortController()
    setTotal(sessions.length)
    setStage('run')
    for await (const next of runBulk(once, inOrder, stop.current.signal)) setProgress(next)
    setStage('result')
    void refresh('sessions', 'audit', 'statistics')
  }
  const close = () => {
    if (stage !== 'run') onClose(stage === 'result')
  }

  return (
    <Modal
      opened
      onClose={close}
      size={480}
      title={stage === 'question' ? text('end_title', { count: sessions.length }) : text('end')}
      withCloseButton={stage !== 'run'}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      {stage === 'question' && (
        <Stack gap="md">
          <p className={classes.text}>
            {text('end_means')} {isOwnAmong && text('end_self')}
          </p>
          <LeftOut items={leftOut} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus>
              {common('cancel')}
            </Button>
            <Button color="red" disabled={sessions.length === 0} onClick={() => void run()}>
              {text('end')}
            </Button>
          </Group>
        </Stack>
      )}
      {stage === 'run' && <BulkRun progress={progress} total={total} onStop={() => stop.current?.abort()} />}
      {stage === 'result' && <Result progress={progress} total={total} onClose={close} />}
    </Modal>
  )
}

interface ResultProps {
  readonly progress: BulkProgress<Session>
  readonly total: number
  onClose(): void
}

function Result({ progress: { done, refused, finished }, total, onClose }: ResultProps) {
  const text = useSessionsBulkText()
  const common = useCommonText()
  const first = useFirstFocus<HTMLButtonElement>()
  return (
    <Stack gap="md">
      <div role="status" className={classes.counts}>
        <p>{text('done', { count: done })}</p>
        {refused.length > 0 && <p className={classes.bad}>{text('refused', { count: refused.length })}</p>}
        {finished < total && <p>{text('stopped', { count: total - finished })}</p>}
      </div>
      {refused.length > 0 && (
        <Reasons
          items={refused.map(({ item, error }) => ({
            name: `#${item.id}`,
            reason: failureText(error, common),
          }))}
        />
      )}
      <Group justify="flex-end">
        <Button ref={first} onClick={onClose}>
          {common('close')}
        </Button>
      </Group>
    </Stack>
  )
}
