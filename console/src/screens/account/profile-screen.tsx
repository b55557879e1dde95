import { Badge, Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type ReactNode, useState } from 'react'
import {
  api,
  readProfile,
  reloadProfile,
  useProfile,
  useSignInOptions,
  withVersion,
} from '../../session/index.ts'
import {
  AccountInput,
  At,
  CopyText,
  Fact,
  Facts,
  LinkAnchor,
  notifyDone,
  OutdatedNote,
  ownFields,
  Page,
  Permission,
  ProblemNote,
  Section,
  toAccountTexts,
  useAccountFieldText,
  useCommonText,
  useEditedRow,
  useFormProblem,
  useKept,
} from '../../ui/index.ts'
import classes from './account.module.css'
import { useAccountText } from './messages.ts'
import { OwnData } from './own-data.tsx'

/** Who one is here, and what one may do. */
export function ProfileScreen() {
  const text = useAccountText()
  return (
    <Page title={text('profile')} lead={text('profileLead')}>
      <NamesForm />
      <Rights />
      <OwnData />
    </Page>
  )
}

function NamesForm() {
  const text = useAccountText()
  const common = useCommonText()
  const fieldText = useAccountFieldText()
  const profile = useProfile()
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: toAccountTexts(profile) })
  const { problem, show, clear } = useFormProblem(form)
  useKept('profile', form)
  const edited = useEditedRow({ form, row: profile, valuesOf: toAccountTexts, read: readProfile })

  const submit = async (values: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      const body = Object.fromEntries(ownFields.map(field => [field, values[field] || null]))
      const changing = api.callVersioned('changeProfile', { body, ifMatch: edited.base.etag })
      edited.setBase(await withVersion(changing))
      await reloadProfile()
      form.resetDirty()
      notifyDone(text('saved'))
    } catch (error) {
      if (!edited.takeOutdated(error)) show(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className={classes.form} onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <ProblemNote problem={problem} />
        {edited.outdated && <OutdatedNote onLoadAnew={edited.loadAnew} />}
        <TextInput
          label={fieldText('email')}
          description={<EmailHint />}
          value={profile.email}
          readOnly
          variant="filled"
        />
        {ownFields.map(field => (
          <AccountInput key={field} field={field} input={form.getInputProps(field)} isOwn />
        ))}
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy} disabled={!form.isDirty()}>
            {common('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Who can change the address depends on whether this server sends mail. */
function EmailHint() {
  const text = useAccountText()
  const options = useSignInOptions()
  if (options === undefined) return '\u00a0'
  if (!options.mail) return text('emailHint')
  return <LinkAnchor to="/account/email">{text('emailChange')}</LinkAnchor>
}

function Rights() {
  const text = useAccountText()
  const common = useCommonText()
  const { id, roles, permissions, is_superuser, date_joined, last_login } = useProfile()
  return (
    <Section title={text('youAre')} lead={text('youAreLead')}>
      <Facts>
        <Fact name={text('roles')}>
          <Listed none={text('noRoles')}>
            {roles.map(role => (
              <Badge key={role} color="gray">
                {role}
              </Badge>
            ))}
          </Listed>
        </Fact>
        <Fact name={text('permissions')}>
          {is_superuser ? (
            text('everything')
          ) : (
            <Listed none={text('noRoles')}>
              {permissions.map(permission => (
                <Permission key={permission} name={permission} />
              ))}
            </Listed>
          )}
        </Fact>
        <Fact name="id">
          <CopyText value={String(id)} />
        </Fact>
        <Fact name={text('joined')}>
          <At at={date_joined} />
        </Fact>
        <Fact name={text('lastLogin')}>{last_login === null ? common('never') : <At at={last_login} />}</Fact>
      </Facts>
    </Section>
  )
}

function Listed({ none, children }: { readonly none: string; readonly children: readonly ReactNode[] }) {
  if (children.length === 0) return <span className="dim">{none}</span>
  return <Group gap={4}>{children}</Group>
}
