import { Button } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { EverybodyDialog } from './everybody-dialog.tsx'
import { useEverybodyText } from './messages.ts'

/** What the address asks with, such as from the palette. */
const asked = 'end-everybody'

/** Leads to the question; nothing is done before it has been answered twice. */
export function EndEverybody() {
  const text = useEverybodyText()
  const navigate = useNavigate()
  const { act } = useSearch({ from: '/console/sessions' })
  const [isAsked, setAsked] = useState(act === asked)
  const close = () => {
    setAsked(false)
    void navigate({ to: '.', search: ({ act: _, ...old }) => old, replace: true })
  }
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
      {isAsked && <EverybodyDialog onClose={close} />}
    </>
  )
}
