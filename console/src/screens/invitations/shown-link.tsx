import { Alert, Button, CopyButton, Group, Modal, Stack } from '@mantine/core'
import type { SentInvitation } from '@propusk/client'
import { Check, Copy, TriangleAlert } from 'lucide-react'
import { useCommonText, useFirstFocus } from '../../ui/index.ts'
import classes from './invitations.module.css'
import { useInvitationsText } from './messages.ts'

interface ShownLinkProps {
  readonly sent: SentInvitation & { readonly link: string }
  onDone(): void
}

/** The link of an invitation where no mail is sent: the only time that there is one to show. Closed by its button alone. */
export function ShownLink({ sent: { email, link }, onDone }: ShownLinkProps) {
  const text = useInvitationsText()
  const copyButton = useFirstFocus<HTMLButtonElement>()
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
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {text('done')}
          </Button>
          <CopyButton value={link} timeout={3000}>
            {({ copied, copy }) => (
              <Button
                ref={copyButton}
                onClick={copy}
                leftSection={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
              >
                <CopyLabel isCopied={copied} />
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Modal>
  )
}

function CopyLabel({ isCopied }: { readonly isCopied: boolean }) {
  const text = useInvitationsText()
  const common = useCommonText()
  return <span role="status">{isCopied ? common('copied') : text('copyLink')}</span>
}
