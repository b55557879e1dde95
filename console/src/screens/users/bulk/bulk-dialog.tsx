import { Modal } from '@mantine/core'
import type { User } from '@propusk/client'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { nameOf, useCommonText } from '../../../ui/index.ts'
import { actOn, type BulkAct, type BulkKind } from './bulk-act.ts'
import { BulkQuestion } from './bulk-question.tsx'
import { BulkResult } from './bulk-result.tsx'
import { BulkRun } from './bulk-run.tsx'
import { useReasonToLeaveOut } from './left-out.tsx'
import { useBulkText } from './messages.ts'
import { type BulkProgress, nothingYet, runBulk } from './run-bulk.ts'

interface BulkDialogProps {
  readonly kind: BulkKind
  readonly people: readonly User[]
  /** Told whether everybody was dealt with. */
  onClose(isFinished: boolean): void
}

/** Asks, then does it one by one with a way to stop, then says what came of it and what was refused. */
export function BulkDialog({ kind, people: asked, onClose }: BulkDialogProps) {
  const text = useBulkText()
  const common = useCommonText()
  const queries = useQueryClient()
  // Those who were chosen when it was asked, whatever the list shows meanwhile.
  const [chosen] = useState(asked)
  const reasonOf = useReasonToLeaveOut(kind)
  const people = chosen.filter(person => reasonOf(person) === undefined)
  const leftOut = chosen.flatMap(person => {
    const reason = reasonOf(person)
    return reason === undefined ? [] : [{ name: nameOf(person), reason }]
  })
  const [total, setTotal] = useState(0)
  const [stage, setStage] = useState<'question' | 'run' | 'result'>('question')
  const [progress, setProgress] = useState<BulkProgress<User>>(nothingYet)
  const stop = useRef<AbortController>(undefined)

  const run = async (act: BulkAct) => {
    stop.current = new AbortController()
    setTotal(people.length)
    setStage('run')
    const once = (person: User) => actOn(act, person)
    for await (const next of runBulk(once, people, stop.current.signal)) setProgress(next)
    setStage('result')
    for (const key of ['users', 'sessions', 'access']) void queries.invalidateQueries({ queryKey: [key] })
  }
  const close = () => {
    if (stage !== 'run') onClose(stage === 'result')
  }

  return (
    <Modal
      opened
      onClose={close}
      size={520}
      title={stage === 'question' ? text(`${kind}_title`, { count: people.length }) : text(kind)}
      withCloseButton={stage !== 'run'}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      {stage === 'question' && (
        <BulkQuestion
          kind={kind}
          people={people}
          leftOut={leftOut}
          onCancel={close}
          onRun={act => void run(act)}
        />
      )}
      {stage === 'run' && <BulkRun progress={progress} total={total} onStop={() => stop.current?.abort()} />}
      {stage === 'result' && <BulkResult progress={progress} total={total} onClose={close} />}
    </Modal>
  )
}
