import { Button, Group, Stack } from '@mantine/core'
import type { User } from '@propusk/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { api, readSignInOptions, useMay, useProfile } from '../../../../session/index.ts'
import {
  FormModal,
  GatedButton,
  nameOf,
  notifyDone,
  ProblemNote,
  useCommonText,
} from '../../../../ui/index.ts'
import { HandOver } from '../../hand-over.tsx'
import { useHandOverText } from '../../hand-over-messages.ts'
import { useAskedAct } from '../use-asked-act.ts'
import { useRankReason } from '../user-actions.tsx'
import { useSecurityText } from './messages.ts'

/** Has the owner choose a new password: by a mail, or by a link that the administrator hands over. */
export function ResetPassword({ user }: { readonly user: User }) {
  const text = useSecurityText()
  const reason = useWhyNot(user)
  const [isAsking, setAsking] = useState(false)
  const [link, setLink] = useState<string>()
  useAskedAct('reset-password', { reason, begin: () => setAsking(true) })

  const done = (made: string | null) => {
    setAsking(false)
    if (made === null) notifyDone(text('resetSent', { name: nameOf(user) }))
    else setLink(made)
  }

  return (
    <>
      <GatedButton
        reason={reason}
        variant="default"
        leftSection={<KeyRound size={15} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {text('reset')}
      </GatedButton>
      {isAsking && <ResetPasswordModal user={user} onDone={done} onClose={() => setAsking(false)} />}
      {link !== undefined && <HandOverLink user={user} link={link} onDone={() => setLink(undefined)} />}
    </>
  )
}

function useWhyNot(user: User): string | undefined {
  const text = useSecurityText()
  const common = useCommonText()
  const may = useMay()
  const viewer = useProfile()
  const rank = useRankReason(user)
  if (viewer.id === user.id) return text('ownPassword')
  if (!may('users', 'update')) return common('forbiddenHint', { permission: 'users:update' })
  return user.is_active ? rank : text('inactive')
}

interface ResetPasswordModalProps {
  readonly user: User
  /** With the link, where this server sends no mail. */
  onDone(link: string | null): void
  onClose(): void
}

function ResetPasswordModal({ user, onDone, onClose }: ResetPasswordModalProps) {
  const text = useSecurityText()
  const common = useCommonText()
  const queries = useQueryClient()
  // What a server is set to does not change while it runs.
  const options = useQuery({
    queryKey: ['sign-in-options'],
    queryFn: readSignInOptions,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()

  const reset = async () => {
    setProblem(undefined)
    setBusy(true)
    try {
      const { link } = await api.call('resetPasswordOfUser', { params: { id: user.id } })
      for (const key of ['users', 'sessions', 'audit']) void queries.invalidateQueries({ queryKey: [key] })
      onDone(link)
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }

  return (
    <FormModal
      title={text('reset_title', { name: nameOf(user) })}
      isChanged={false}
      isBusy={isBusy}
      onClose={onClose}
    >
      <Stack gap="sm">
        <ProblemNote problem={problem} />
        <div>{text('reset_means')}</div>
        {options.data !== undefined && <div>{text(options.data.mail ? 'reset_byMail' : 'reset_byLink')}</div>}
        <div>{text('reset_factor')}</div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={isBusy} data-autofocus>
            {common('cancel')}
          </Button>
          <Button color="red" onClick={() => void reset()} loading={isBusy}>
            {text('reset')}
          </Button>
        </Group>
      </Stack>
    </FormModal>
  )
}

interface HandOverLinkProps {
  readonly user: User
  readonly link: string
  onDone(): void
}

function HandOverLink({ user, link, onDone }: HandOverLinkProps) {
  const text = useHandOverText()
  return (
    <HandOver
      title={text('linkTitle', { name: nameOf(user) })}
      values={{ [text('link')]: link }}
      onDone={onDone}
    >
      {text('linkLead')}
    </HandOver>
  )
}
