import { Button, CopyButton, Group, Modal, SimpleGrid, Stack } from '@mantine/core'
import { download } from '../../ui/download.ts'
import { useFactorsText } from './messages.ts'

interface RecoveryCodesProps {
  readonly codes: readonly string[]
  onClose(): void
}

/** Shown once: closed by its own button alone, so that no stray click loses them. */
export function RecoveryCodes({ codes, onClose }: RecoveryCodesProps) {
  const text = useFactorsText()
  const all = `${codes.join('\n')}\n`
  return (
    <Modal
      opened
      onClose={onClose}
      title={text('keepCodes')}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Stack gap="md">
        <div>{text('keepCodesLead')}</div>
        <SimpleGrid
          component="ul"
          cols={{ base: 1, xs: 2 }}
          spacing={4}
          style={{ listStyle: 'none', padding: 0, margin: 0 }}
        >
          {codes.map(code => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </SimpleGrid>
        <Group justify="flex-end" gap="xs">
          <CopyButton value={all}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {text(copied ? 'copied' : 'copyAll')}
              </Button>
            )}
          </CopyButton>
          <Button
            variant="default"
            onClick={() => download(new Blob([all], { type: 'text/plain' }), 'recovery-codes.txt')}
          >
            {text('downloadCodes')}
          </Button>
          <Button onClick={onClose} data-autofocus>
            {text('kept')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
