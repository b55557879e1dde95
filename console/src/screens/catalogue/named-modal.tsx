import { Alert, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { WithVersion } from '../../session/index.ts'
import {
  FormButtons,
  FormModal,
  OutdatedNote,
  ProblemNote,
  useEditedRow,
  useFormProblem,
  useKept,
} from '../../ui/index.ts'
import { codeNamePattern, suggestCodeName } from './code-name.ts'
import { useNamedText } from './named-messages.ts'
import classes from './named-modal.module.css'

export interface NamedValues {
  readonly name: string
  readonly code_name: string
  readonly description: string | null
}

interface NamedModalProps {
  readonly title: string
  /** The verb of the button. */
  readonly verb: string
  /** As it is now, or what a new one starts from. */
  readonly initial?: WithVersion<NamedValues>
  /**
   * Reads what exists already as it is by now: then its code name is not suggested any more, and a new one is warned of.
   */
  read?(): Promise<WithVersion<NamedValues>>
  /** Whether the server's own routes rest on its names. */
  readonly isBuiltIn?: boolean
  /** Why the code name cannot be changed, where it cannot. */
  readonly codeNameReason?: string | undefined
  readonly children?: ReactNode
  /** Is given what the values started from as well. Rejects with what the server refuses; the modal shows it where it belongs. */
  onSubmit(values: NamedValues, old: WithVersion<NamedValues>): Promise<void>
  onClose(): void
}

const nothing: NamedValues = { name: '', code_name: '', description: null }

const toFields = ({ name, code_name, description }: NamedValues) => ({
  name,
  code_name,
  description: description ?? '',
})

/** Names a new role, resource or action, or an old one anew. */
export function NamedModal(props: NamedModalProps) {
  const { title, verb, initial = nothing, read, isBuiltIn = false, children, onSubmit, onClose } = props
  const { codeNameReason } = props
  const text = useNamedText()
  const [isBusy, setBusy] = useState(false)
  const form = useForm({
    initialValues: toFields(initial),
    validate: {
      name: value => (value.trim() === '' ? text('nameMissing') : null),
      code_name: value => (codeNamePattern.test(value) ? null : text('codeNameWrong')),
    },
  })
  const { problem, show, clear } = useFormProblem(form)
  useKept(read === undefined ? 'new-named' : 'named', form)
  const exists = read !== undefined
  const edited = useEditedRow({
    form,
    row: initial,
    valuesOf: toFields,
    read: read ?? (() => Promise.resolve(initial)),
  })

  const submit = async ({ description, name, code_name }: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      const values = { name: name.trim(), code_name, description: description.trim() || null }
      await onSubmit(values, edited.base)
    } catch (error) {
      if (!edited.takeOutdated(error)) show(error)
    } finally {
      setBusy(false)
    }
  }

  const { name, code_name } = form.values
  const rename = (next: string) => {
    // The code name follows the name until somebody has a better idea.
    if (!exists && code_name === suggestCodeName(name)) form.setFieldValue('code_name', suggestCodeName(next))
    form.setFieldValue('name', next)
  }

  return (
    <FormModal isChanged={form.isDirty()} isBusy={isBusy} onClose={onClose} title={title}>
      <form onSubmit={form.onSubmit(values => void submit(values))} noValidate>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          {edited.outdated && <OutdatedNote onLoadAnew={edited.loadAnew} />}
          {isBuiltIn && <p className={classes.note}>{text('protected')}</p>}
          <TextInput
            {...form.getInputProps('name')}
            onChange={event => rename(event.currentTarget.value)}
            label={text('name')}
            description={text('nameHint')}
            maxLength={100}
            disabled={isBuiltIn}
            required
            withAsterisk={false}
            data-autofocus
          />
          <TextInput
            {...form.getInputProps('code_name')}
            label={text('codeName')}
            description={codeNameReason ?? text('codeNameHint')}
            maxLength={100}
            disabled={isBuiltIn || codeNameReason !== undefined}
            required
            withAsterisk={false}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            classNames={{ input: classes.code! }}
          />
          {exists && code_name !== edited.base.code_name && (
            <Alert color="yellow" variant="light" icon={<TriangleAlert size={16} />}>
              {text('renameWarning', { old: edited.base.code_name })}
            </Alert>
          )}
          <Textarea
            {...form.getInputProps('description')}
            label={text('description')}
            maxLength={1000}
            autosize
            minRows={2}
            maxRows={8}
          />
          {children}
          <FormButtons submitText={verb} isBusy={isBusy} onCancel={onClose} />
        </Stack>
      </form>
    </FormModal>
  )
}
