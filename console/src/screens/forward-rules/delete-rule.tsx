import { Button } from '@mantine/core'
import type { ForwardRule } from '@propusk/client'
import { useRefresh } from '../../access/index.ts'
import { api, type WithVersion } from '../../session/index.ts'
import { confirm, notifyDone } from '../../ui/index.ts'
import { useForwardRulesText } from './messages.ts'

interface DeleteRuleProps {
  readonly rule: WithVersion<ForwardRule>
  readonly name: string
  /** Called when the question takes the place of the form. */
  onAsk(): void
}

/** Deletes the rule as it was shown, after a question. */
export function DeleteRule({ rule: { id, etag }, name, onAsk }: DeleteRuleProps) {
  const text = useForwardRulesText()
  const refresh = useRefresh()
  const act = async () => {
    const deleting = api.call('deleteForwardRule', { params: { id }, ifMatch: etag })
    await deleting.finally(() => void refresh('forward_rules', 'audit'))
    notifyDone(text('deleted', { name }))
  }
  const ask = () => {
    onAsk()
    confirm({ title: text('deleteTitle', { name }), body: text('deleteMeans'), verb: text('delete'), act })
  }
  return (
    <Button variant="subtle" color="red" onClick={ask}>
      {text('delete')}
    </Button>
  )
}
