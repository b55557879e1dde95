import { Autocomplete, Button, Modal, MultiSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ForwardRule } from '@propusk/client'
import { useState } from 'react'
import { useRefresh } from '../../access/index.ts'
import { api, useMay } from '../../session/index.ts'
import {
  confirm,
  FormButtons,
  notifyDone,
  ProblemNote,
  useCommonText,
  useFormProblem,
} from '../../ui/index.ts'
import { useForwardRulesText } from './messages.ts'
import { forwardMethods } from './methods.ts'

interface EditRuleProps {
  /** Undefined for a new one. */
  readonly rule: ForwardRule | undefined
  onClose(): void
}

const nameOf = ({ host, path }: Pick<ForwardRule, 'host' | 'path'>): string => `${host}${path}`

/** A new rule, or one that is there: changed or deleted by whoever may. */
export function EditRule({ rule, onClose }: EditRuleProps) {
  const text = useForwardRulesText()
  const common = useCommonText()
  return (
    <Modal
      opened
      onClose={onClose}
      size={520}
      title={rule === undefined ? text('newTitle') : text('editTitle', { name: nameOf(rule) })}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      <RuleForm rule={rule} onClose={onClose} />
    </Modal>
  )
}

function RuleForm({ rule, onClose }: EditRuleProps) {
  const text = useForwardRulesText()
  const may = useMay()
  const save = useSaveRule(rule)
  const [isBusy, setBusy] = useState(false)
  const form = useForm({
    initialValues: {
      host: rule?.host ?? '',
      path: rule?.path ?? '/*',
      methods: (rule?.methods ?? []) as (typeof forwardMethods)[number][],
      access: rule?.access ?? 'signed_in',
    },
  })
  const { problem, show, clear } = useFormProblem(form)
  const mayWrite = may('forward_rules', rule === undefined ? 'create' : 'update')
  const submit = async ({ methods, ...values }: typeof form.values) => {
    clear()
    setBusy(true)
    try {
      await save({ ...values, methods: methods.length === 0 ? null : methods })
      onClose()
    } catch (error) {
      show(error)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={form.onSubmit(values => void submit(values))} noValidate>
      <Stack gap="sm">
        <ProblemNote problem={problem} />
        <TextInput
          {...form.getInputProps('host')}
          label={text('host')}
          description={text('hostHint')}
          readOnly={!mayWrite}
          data-autofocus
        />
        <TextInput
          {...form.getInputProps('path')}
          label={text('path')}
          description={text('pathHint')}
          readOnly={!mayWrite}
        />
        <MultiSelect
          {...form.getInputProps('methods')}
          label={text('methods')}
          description={text('methodsHint')}
          data={[...forwardMethods]}
          readOnly={!mayWrite}
        />
        <Autocomplete
          {...form.getInputProps('access')}
          label={text('access')}
          description={text('accessHint')}
          data={['public', 'signed_in']}
          readOnly={!mayWrite}
        />
        {rule !== undefined && may('forward_rules', 'delete') && <DeleteRule rule={rule} onClose={onClose} />}
        {mayWrite && (
          <FormButtons
            submitText={text(rule === undefined ? 'create' : 'save')}
            isBusy={isBusy}
            onCancel={onClose}
          />
        )}
      </Stack>
    </form>
  )
}

type Written = Parameters<typeof api.call<'createForwardRule'>>[1]['body']

function useSaveRule(rule: ForwardRule | undefined) {
  const text = useForwardRulesText()
  const refresh = useRefresh()
  return async (body: Written) => {
    if (rule === undefined) await api.call('createForwardRule', { body })
    else await api.call('changeForwardRule', { params: { id: rule.id }, body })
    void refresh('forward_rules', 'audit')
    notifyDone(text(rule === undefined ? 'made' : 'changed', { name: nameOf(body) }))
  }
}

function DeleteRule({ rule, onClose }: { readonly rule: ForwardRule; onClose(): void }) {
  const text = useForwardRulesText()
  const refresh = useRefresh()
  const name = nameOf(rule)
  const act = async () => {
    await api.call('deleteForwardRule', { params: { id: rule.id } })
    void refresh('forward_rules', 'audit')
    notifyDone(text('deleted', { name }))
  }
  const ask = () => {
    onClose()
    confirm({ title: text('deleteTitle', { name }), body: text('deleteMeans'), verb: text('delete'), act })
  }
  return (
    <Button variant="subtle" color="red" onClick={ask}>
      {text('delete')}
    </Button>
  )
}
