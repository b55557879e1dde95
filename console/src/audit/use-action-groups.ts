import { useCallback, useMemo } from 'react'
import { useAuditActionText } from './action-messages.ts'
import { describedActions } from './describe-event.ts'

interface ActionGroup {
  readonly group: string
  readonly items: readonly { readonly value: string; readonly label: string }[]
}

/** What an act is called; its own name where a newer server knows one that this page does not. */
export function useActionName(): (action: string) => string {
  const text = useAuditActionText()
  return useCallback(
    action => {
      const key = action.replace('.', '_')
      const word = text(key as Parameters<typeof text>[0])
      return word === key ? action : word
    },
    [text],
  )
}

/** Every act that the audit knows, by what it is done to. */
export function useActionGroups(): readonly ActionGroup[] {
  const text = useAuditActionText()
  const nameOf = useActionName()
  return useMemo(() => {
    const groups = Map.groupBy(describedActions, action => action.split('.', 1)[0]!)
    return Array.from(groups, ([kind, actions]) => ({
      group: text(`group_${kind}` as Parameters<typeof text>[0]),
      items: actions.map(value => ({ value, label: nameOf(value) })),
    }))
  }, [text, nameOf])
}
