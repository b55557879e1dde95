import { Button } from '@mantine/core'
import type { User } from '@propusk/client'
import { Eye } from 'lucide-react'
import { useState } from 'react'
import { useUserText } from './messages.ts'
import { SeenPages } from './seen-pages.tsx'
import { useAskedAct } from './use-asked-act.ts'

/** Shows the console as it opens to a person. It is read from their rights: no request is made in their name. */
export function ViewAs({ user }: { readonly user: User }) {
  const text = useUserText()
  const [isOpen, setOpen] = useState(false)
  useAskedAct('view-as', { reason: undefined, begin: () => setOpen(true) })
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<Eye size={14} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {text('viewAs')}
      </Button>
      {isOpen && <SeenPages user={user} onClose={() => setOpen(false)} />}
    </>
  )
}
