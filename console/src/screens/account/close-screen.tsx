import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, leaveBy, useProfile } from '../../session/index.ts'
import { confirm, Page } from '../../ui/index.ts'
import classes from './account.module.css'
import { useAccountText } from './messages.ts'

/** The end of an account by its owner: the email is typed, and then asked once more. */
export function CloseScreen() {
  const text = useAccountText()
  const { email } = useProfile()
  const [typed, setTyped] = useState('')
  const isSure = typed.trim().toLowerCase() === email

  const close = () =>
    confirm({
      title: text('closeTitle', { email }),
      body: text('closeBody'),
      verb: text('close'),
      act: () => leaveBy('closed', () => api.call('closeAccount')),
    })

  return (
    <Page title={text('close')} lead={text('closeLead')}>
      <form
        className={classes.form}
        onSubmit={event => {
          event.preventDefault()
          if (isSure) close()
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={text('closeConfirm')}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
            autoComplete="off"
            autoFocus
          />
          <Group justify="flex-end">
            <Button type="submit" variant="default" c={isSure ? 'var(--bad)' : 'dimmed'} disabled={!isSure}>
              {text('close')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  )
}
