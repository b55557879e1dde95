import { Button } from '@mantine/core'
import { Pause, Play } from 'lucide-react'
import { useAuditText } from '../messages.ts'

interface TailSwitchProps {
  readonly isPaused: boolean
  onChange(isPaused: boolean): void
}

/** Stops what comes by itself, and lets it go on. */
export function TailSwitch({ isPaused, onChange }: TailSwitchProps) {
  const text = useAuditText()
  const Icon = isPaused ? Play : Pause
  return (
    <Button
      variant="default"
      leftSection={<Icon size={15} aria-hidden />}
      onClick={() => onChange(!isPaused)}
    >
      {text(isPaused ? 'resume' : 'pause')}
    </Button>
  )
}
