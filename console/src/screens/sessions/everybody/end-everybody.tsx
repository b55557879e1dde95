import { Button } from '@mantine/core'
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { EverybodyDialog } from './everybody-dialog.tsx'
import { useEverybodyText } from './messages.ts'

/** Leads to the question; nothing is done before it has been answered twice. */
export function EndEverybody() {
  const text = useEverybodyText()
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Button
        variant="default"
        c="var(--bad)"
        leftSection={<LogOut size={15} aria-hidden />}
        onClick={() => setAsked(true)}
      >
        {text('open')}
      </Button>
      {isAsked && <EverybodyDialog onClose={() => setAsked(false)} />}
    </>
  )
}
