import { Stack, Switch } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { User } from '@propusk/client'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, useMay, useProfile } from '../../../session/index.ts'
import {
  FormButtons,
  FormModal,
  highlightRows,
  nameOf,
  notifyDone,
  ProblemNote,
  toAccountTexts,
  useCommonText,
  useFormProblem,
  useKept,
} from '../../../ui/index.ts'
import { HandOver } from '../hand-over.tsx'
import { useHandOverText } from '../hand-over-messages.ts'
import { useUsersText } from '../messages.ts'
import { ProfileFields } from '../profile-fields.tsx'
import { FirstPassword } from './first-password.tsx'
import { generatePassword } from './generate-password.ts'
import { useNewUserText } from './messages.ts'
import { RolesInput } from './roles-input.tsx'

const nobody = {
  ...toAccountTexts({}),
  password: '',
  roles: [] as string[],
  is_staff: false,
}

/** Opens an account for somebody, shows what is to be handed over to them, and then the account. */
export function NewUserModal({ onClose }: { onClose(): void }) {
  const [made, setMade] = useState<Made>()
  return made === undefined ? <NewUserForm onClose={onClose} onMade={setMade} /> : <FirstSignIn made={made} />
}

interface Made {
  readonly user: User
  readonly password: string
}

/** The page knows the password for as long as this is open, and the server never says it. */
function FirstSignIn({ made: { user, password } }: { readonly made: Made }) {
  const text = useHandOverText()
  const navigate = useNavigate()
  const goOn = () => {
    highlightRows('users', [user.id])
    void navigate({ to: '/console/users/$id', params: { id: String(user.id) }, ignoreBlocker: true })
  }
  return (
    <HandOver
      title={text('passwordTitle', { name: nameOf(user) })}
      values={{ [text('email')]: user.email, [text('password')]: password }}
      onDone={goOn}
    >
      {text('passwordLead')}
    </HandOver>
  )
}

interface NewUserFormProps {
  onClose(): void
  onMade(made: Made): void
}

function NewUserForm({ onClose, onMade }: NewUserFormProps) {
  const text = useNewUserText()
  const users = useUsersText()
  const common = useCommonText()
  const may = useMay()
  const { is_superuser } = useProfile()
  const queries = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: nobody })
  const { problem, show, clear } = useFormProblem(form)
  useKept('new-user', form)

  const submit = async ({ roles, is_staff, ...typed }: typeof nobody) => {
    clear()
    setBusy(true)
    const account = { ...typed, password: typed.password || generatePassword() }
    try {
      const given = Object.entries(account).filter(([, value]) => value !== '')
      const user = await api.call('createUser', {
        body: {
          ...(Object.fromEntries(given) as Pick<typeof account, 'email' | 'password'>),
          ...(roles.length > 0 && { roles }),
          ...(is_staff && { is_staff }),
        },
      })
      void queries.invalidateQueries({ queryKey: ['users'] })
      notifyDone(text('created', { name: nameOf(user) }))
      onMade({ user, password: account.password })
    } catch (error) {
      show(error)
      setBusy(false)
    }
  }

  return (
    <FormModal
      isChanged={form.isDirty()}
      isBusy={isBusy}
      onClose={onClose}
      size={520}
      title={users('newUser')}
    >
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          <ProfileFields inputOf={form.getInputProps} />
          <FirstPassword
            input={form.getInputProps('password')}
            value={form.values.password}
            onChange={password => form.setFieldValue('password', password)}
          />
          {may('roles', 'read') && (
            <RolesInput input={form.getInputProps('roles')} value={form.values.roles} />
          )}
          {is_superuser && (
            <Switch
              {...form.getInputProps('is_staff', { type: 'checkbox' })}
              label={common('staff')}
              description={text('staffHint')}
              mt={4}
            />
          )}
          <FormButtons submitText={text('submit')} isBusy={isBusy} onCancel={onClose} />
        </Stack>
      </form>
    </FormModal>
  )
}
