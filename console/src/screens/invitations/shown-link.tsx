import { Alert, Modal, Stack } from '@mantine/core'
import type { SentInvitation } from '@propusk/client'
import { TriangleAlert } from 'lucide-react'
import { CopyActions } from '../../ui/index.ts'
import classes from './invitations.module.css'
import { useInvitationsText } from './messages.ts'

interface ShownLinkProps {
  readonly sent: SentInvitation & { readonly link: string }
  onDone(): void
}

/** The link of an invitation where no mail is sent: the only time that there is one to show. Closed by its button alone. */
export function ShownLink({ sent: { email, link }, onDone }: ShownLinkProps) {
  const text = useInvitationsText()
  return (
    <Modal
      opened
      onClose={onDone}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size={560}
      title={text('linkTitle', { email })}
    >
      <Stack gap="md">
        <Alert color="yellow" variant="light" icon={<TriangleAlert size={16} aria-hidden />}>
          {text('linkOnce')}
        </Alert>
        <code className={classes.link} data-secret>
          {link}
        </code>
        <CopyActions value={link} copyLabel={text('copyLink')} doneLabel={text('done')} onDone={onDone} />
      </Stack>
    </Modal>
  )
}
