import {
  Autocomplete,
  Button,
  Checkbox,
  Modal,
  MultiSelect,
  NumberInput,
  Stack,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ForwardRule, ForwardRulePatch } from '@propusk/client'
import { useState } from 'react'
import { useRefresh } from '../../access/index.ts'
import { api, useMay, type WithVersion, withVersion } from '../../session/index.ts'
import {
  ErrorState,
  FormButtons,
  FormModal,
  LoadingRows,
  notifyDone,
  OutdatedNote,
  ProblemNote,
  useCommonText,
  useEditedRow,
  useFormProblem,
  useKept,
} from '../../ui/index.ts'
import { DeleteRule } from './delete-rule.tsx'
import { useForwardRulesText } from './messages.ts'
import { forwardMethods } from './methods.ts'
import { readRule, useRule } from './use-rule.ts'

interface EditRuleProps {
  /** As the list shows it; undefined for a new one. */
  readonly rule: ForwardRule | undefined
  onClose(): void
}

const nameOf = ({ host, path }: Pick<ForwardRule, 'host' | 'path'>): string => `${host}${path}`

/** A new rule, or one that is there: changed or deleted by whoever may. */
export function EditRule({ rule, onClose }: EditRuleProps) {
  return rule === undefined ? (
    <RuleForm rule={undefined} onClose={onClose} />
  ) : (
    <KnownRule rule={rule} onClose={onClose} />
  )
}

function KnownRule({ rule, onClose }: { readonly rule: ForwardRule; onClose(): void }) {
  const text = useForwardRulesText()
  const common = useCommonText()
  const { data, error, refetch } = useRule(rule.id)
  if (data !== undefined) return <RuleForm rule={data} onClose={onClose} />
  return (
    <Modal
      opened
      onClose={onClose}
      size={520}
      title={text('editTitle', { name: nameOf(rule) })}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      {error === null ? <LoadingRows /> : <ErrorState error={error} onRetry={() => void refetch()} />}
    </Modal>
  )
}

/** The methods between commas, in the order of the form; empty for every method. */
const joined = (methods: readonly string[]): string =>
  forwardMethods.filter(method => methods.includes(method)).join(',')

const toFields = ({ host, path, methods, access, acr, max_age }: ForwardRule) => ({
  host,
  path,
  methods: joined(methods ?? []),
  access: access ?? '',
  acr: acr ?? ('' as const),
  max_age: max_age === null ? '' : String(max_age),
})

type Fields = ReturnType<typeof toFields>
const newFields: Fields = { host: '', path: '/*', methods: '', access: 'signed_in', acr: '', max_age: '' }

const splitMethods = (methods: string) =>
  (methods === '' ? [] : methods.split(',')) as (typeof forwardMethods)[number][]

const toMethods = (methods: string) => (methods === '' ? null : splitMethods(methods))

const toLevel = ({ acr, max_age }: Pick<Fields, 'acr' | 'max_age'>) => ({
  acr: acr === '' ? null : acr,
  max_age: max_age === '' ? null : Number(max_age),
})

/** What differs from `before`, as the API takes it. */
const changesOf = (before: Fields, { host, path, methods, access, ...level }: Fields): ForwardRulePatch => ({
  ...(host !== before.host && { host }),
  ...(path !== before.path && { path }),
  ...(methods !== before.methods && { methods: toMethods(methods) }),
  ...(access !== before.access && { access }),
  ...(level.acr !== before.acr && { acr: toLevel(level).acr }),
  ...(level.max_age !== before.max_age && { max_age: toLevel(level).max_age }),
})

interface RuleFormProps {
  readonly rule: WithVersion<ForwardRule> | undefined
  onClose(): void
}

const emptyRule = {
  ...newFields,
  ...toLevel(newFields),
  id: 0,
  methods: null,
  created_at: '',
} satisfies ForwardRule

function RuleForm({ rule, onClose }: RuleFormProps) {
  const text = useForwardRulesText()
  const may = useMay()
  const save = useSaveRule()
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: rule === undefined ? newFields : toFields(rule) })
  const { problem, show, clear } = useFormProblem(form)
  useKept(`rule ${rule?.id ?? 'new'}`, form)
  const row = rule ?? emptyRule
  const edited = useEditedRow({ form, row, valuesOf: toFields, read: () => readRule(row.id) })
  const mayWrite = may('forward_rules', rule === undefined ? 'create' : 'update')
  const submit = async (values: Fields) => {
    clear()
    setBusy(true)
    try {
      if (rule === undefined) await save.create(values)
      else await save.change(edited.base, changesOf(toFields(edited.base), values))
      onClose()
    } catch (error) {
      if (!edited.takeOutdated(error)) show(error)
      setBusy(false)
    }
  }
  return (
    <FormModal
      isChanged={form.isDirty()}
      isBusy={isBusy}
      onClose={onClose}
      size={520}
      title={rule === undefined ? text('newTitle') : text('editTitle', { name: nameOf(rule) })}
    >
      <form onSubmit={form.onSubmit(values => void submit(values))} noValidate>
        <Stack gap="sm">
          <ProblemNote problem={problem} />
          {edited.outdated && <OutdatedNote onLoadAnew={edited.loadAnew} />}
          <RuleFields form={form} isReadOnly={!mayWrite} />
          {rule !== undefined && may('forward_rules', 'delete') && (
            <DeleteRule rule={edited.base} name={nameOf(edited.base)} onAsk={onClose} />
          )}
          {mayWrite ? (
            <FormButtons
              submitText={text(rule === undefined ? 'create' : 'save')}
              isBusy={isBusy}
              onCancel={onClose}
            />
          ) : (
            <CloseButton onClose={onClose} />
          )}
        </Stack>
      </form>
    </FormModal>
  )
}

function CloseButton({ onClose }: { onClose(): void }) {
  const common = useCommonText()
  return (
    <Button variant="default" onClick={onClose}>
      {common('close')}
    </Button>
  )
}

interface RuleFieldsProps {
  readonly form: ReturnType<typeof useForm<Fields>>
  readonly isReadOnly: boolean
}

function RuleFields({ form, isReadOnly: readOnly }: RuleFieldsProps) {
  const text = useForwardRulesText()
  return (
    <>
      <TextInput
        {...form.getInputProps('host')}
        label={text('host')}
        description={text('hostHint')}
        readOnly={readOnly}
        data-autofocus
      />
      <TextInput
        {...form.getInputProps('path')}
        label={text('path')}
        description={text('pathHint')}
        readOnly={readOnly}
      />
      <MultiSelect
        value={splitMethods(form.values.methods)}
        onChange={methods => form.setFieldValue('methods', joined(methods))}
        error={form.errors.methods}
        label={text('methods')}
        description={text('methodsHint')}
        data={[...forwardMethods]}
        readOnly={readOnly}
      />
      <Autocomplete
        {...form.getInputProps('access')}
        label={text('access')}
        description={text('accessHint')}
        data={['public', 'signed_in']}
        readOnly={readOnly}
      />
      <Checkbox
        label={text('acr')}
        description={text('acrHint')}
        checked={form.values.acr === 'aal2'}
        onChange={event => form.setFieldValue('acr', event.currentTarget.checked ? 'aal2' : '')}
        error={form.errors.acr}
        disabled={readOnly}
      />
      <NumberInput
        value={form.values.max_age}
        onChange={seconds => form.setFieldValue('max_age', String(seconds))}
        error={form.errors.max_age}
        label={text('maxAge')}
        description={text('maxAgeHint')}
        min={60}
        allowDecimal={false}
        allowNegative={false}
        readOnly={readOnly}
      />
    </>
  )
}

/** Reads the rules again whatever comes of it: a refused change was made to what is no longer so. */
function useSaveRule() {
  const text = useForwardRulesText()
  const refresh = useRefresh()
  const readAgain = () => void refresh('forward_rules', 'audit')
  return {
    async create({ methods, ...rest }: Fields) {
      const body = { ...rest, ...toLevel(rest), methods: toMethods(methods) }
      await api.call('createForwardRule', { body }).finally(readAgain)
      notifyDone(text('made', { name: nameOf(body) }))
    },
    async change({ id, etag }: WithVersion<ForwardRule>, body: ForwardRulePatch) {
      if (Object.keys(body).length === 0) return
      const changing = api.callVersioned('changeForwardRule', { params: { id }, body, ifMatch: etag })
      notifyDone(text('changed', { name: nameOf(await withVersion(changing).finally(readAgain)) }))
    },
  }
}
