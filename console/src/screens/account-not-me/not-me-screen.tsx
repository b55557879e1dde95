import { Button, List, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { reportNotMe } from '../../session/index.ts'
import { LinkAnchor } from '../../ui/link.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { forgetMailToken, useMailToken } from '../account-recovery/mail-token.ts'
import { SignedOutFrame } from '../sign-in/signed-out-frame.tsx'
import { useNotMeText } from './messages.ts'

/**
 * What the owner of an account opens from a security notice. INVARIANT: nothing is sent before a person presses the button: a
 * scanner of mails that opens the page changes nothing.
 */
export function NotMeScreen() {
  const text = useNotMeText()
  const token = useMailToken()
  const [isDone, setDone] = useState(false)
  return (
    <SignedOutFrame title={text('title')}>
      {isDone && token === undefined ? (
        <Stack gap="sm" role="status">
          <Text size="sm">{text('done')}</Text>
          <Text size="sm">{text('after')}</Text>
        </Stack>
      ) : token === undefined ? (
        <Stack gap="sm">
          <Text size="sm">{text('noLink')}</Text>
          <LinkAnchor to="/account/reset">{text('reset')}</LinkAnchor>
        </Stack>
      ) : (
        <Question key={token} token={token} onDone={() => setDone(true)} />
      )}
    </SignedOutFrame>
  )
}

function Question({ token, onDone }: { readonly token: string; onDone(): void }) {
  const text = useNotMeText()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const press = async () => {
    setProblem(undefined)
    setBusy(true)
    try {
      await reportNotMe(token)
      forgetMailToken()
      onDone()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack gap="sm">
      <Text size="sm">{text('lead')}</Text>
      <List size="sm">
        {(['sessions', 'password', 'keys', 'mail'] as const).map(key => (
          <List.Item key={key}>{text(key)}</List.Item>
        ))}
      </List>
      <Text size="sm" c="dimmed">
        {text('factor')}
      </Text>
      <ProblemNote problem={problem} />
      {problem !== undefined && (
        <>
          <Text size="sm">{text('moved')}</Text>
          <LinkAnchor to="/account/reset" size="sm">
            {text('reset')}
          </LinkAnchor>
        </>
      )}
      <Button color="red" onClick={() => void press()} loading={isBusy} mt={4}>
        {text('press')}
      </Button>
    </Stack>
  )
}
