import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { User } from '@propusk/client'
import { useQueryClient } from '@tanstack/react-query'
import { ShieldOff } from 'lucide-react'
import { useState } from 'react'
import { api, useMay, useProfile } from '../../../../session/index.ts'
import {
  FormModal,
  GatedButton,
  nameOf,
  notifyDone,
  ProblemNote,
  useCommonText,
  useFormProblem,
} from '../../../../ui/index.ts'
import { useRankReason } from '../user-actions.tsx'
import { useSecurityText } from './messages.ts'
import { useUserFactors } from './use-user-factors.ts'

/** For a person who has lost every second factor: takes them away, with a reason. */
export function RemoveFactors({ user }: { readonly user: User }) {
  const text = useSecurityText()
  const [isAsking, setAsking] = useState(false)
  const reason = useWhyNot(user)
  return (
    <>
      <GatedButton
        reason={reason}
        variant="default"
        c="var(--bad)"
        leftSection={<ShieldOff size={15} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {text('remove')}
      </GatedButton>
      {isAsking && <RemoveFactorsModal user={user} onClose={() => setAsking(false)} />}
    </>
  )
}

function useWhyNot(user: User): string | undefined {
  const text = useSecurityText()
  const common = useCommonText()
  const may = useMay()
  const viewer = useProfile()
  const rank = useRankReason(user)
  const { data } = useUserFactors(user.id)
  if (viewer.id === user.id) return text('ownFactors')
  if (!may('factors', 'delete')) return common('forbiddenHint', { permission: 'factors:delete' })
  if (rank !== undefined) return rank
  return data?.factors.length === 0 ? text('nothingOn') : undefined
}

function RemoveFactorsModal({ user, onClose }: { readonly user: User; onClose(): void }) {
  const text = useSecurityText()
  const common = useCommonText()
  const queries = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: { reason: '' } })
  const { problem, show, clear } = useFormProblem(form)
  const name = nameOf(user)

  const submit = async (query: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      await api.call('resetFactorsOfUser', { params: { id: user.id }, query })
      for (const key of ['factors', 'audit']) void queries.invalidateQueries({ queryKey: [key] })
      notifyDone(text('removed', { name }))
      onClose()
    } catch (error) {
      show(error)
      setBusy(false)
    }
  }

  return (
    <FormModal
      title={text('remove_title', { name })}
      isChanged={form.isDirty()}
      isBusy={isBusy}
      onClose={onClose}
    >
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          <div>{text('remove_means')}</div>
          <div>{text('remove_sessions')}</div>
          <TextInput
            {...form.getInputProps('reason')}
            label={text('reason')}
            description={text('reasonHint')}
            maxLength={500}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isBusy}>
              {common('cancel')}
            </Button>
            <Button type="submit" color="red" loading={isBusy}>
              {text('remove')}
            </Button>
          </Group>
        </Stack>
      </form>
    </FormModal>
  )
}
