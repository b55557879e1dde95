import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, useProfile } from '../../session/index.ts'
import { notifyDone, Page, ProblemNote, useFormProblem } from '../../ui/index.ts'
import { NewPasswordFields } from '../../ui/new-password-fields.tsx'
import classes from './account.module.css'
import { useAccountText } from './messages.ts'

export function PasswordScreen() {
  const text = useAccountText()
  const { email } = useProfile()
  const queries = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: { current_password: '', password: '', password2: '' } })
  const { problem, show, clear } = useFormProblem(form)

  const submit = async (values: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      await api.call('changePassword', { body: values })
      form.reset()
      notifyDone(text('changed'))
      await queries.invalidateQueries({ queryKey: ['sessions'] })
    } catch (error) {
      show(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Page title={text('password')} lead={text('passwordLead')}>
      <form className={classes.form} onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          {/* Tells a password manager whose password this is. */}
          <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
          <PasswordInput
            {...form.getInputProps('current_password')}
            label={text('current')}
            autoComplete="current-password"
            autoFocus
            required
            withAsterisk={false}
          />
          <NewPasswordFields form={form} label={text('next')} againLabel={text('again')} />
          <Group justify="flex-end">
            <Button type="submit" loading={isBusy}>
              {text('change')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  )
}
