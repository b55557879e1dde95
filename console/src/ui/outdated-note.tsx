import { Alert, Button } from '@mantine/core'
import { GitMerge } from 'lucide-react'
import { useState } from 'react'
import { useCommonText } from './messages.ts'
import { notifyProblem } from './notify.tsx'

interface OutdatedNoteProps {
  /** Reads the row again; what was typed stays. */
  onLoadAnew(): Promise<void>
}

/** Says in a form that somebody else has changed the row meanwhile, and offers to go on from what it is now. */
export function OutdatedNote({ onLoadAnew }: OutdatedNoteProps) {
  const text = useCommonText()
  const [isBusy, setBusy] = useState(false)
  const load = async () => {
    setBusy(true)
    await onLoadAnew().catch(notifyProblem)
    setBusy(false)
  }
  return (
    <Alert color="yellow" variant="light" role="group" icon={<GitMerge size={16} />}>
      <div role="alert">{text('outdated')}</div>
      <Button mt={8} size="xs" variant="default" loading={isBusy} onClick={() => void load()}>
        {text('loadAnew')}
      </Button>
    </Alert>
  )
}
