import type { OwnEvent } from '@propusk/client'
import { useActionName } from '../../audit/index.ts'
import { useActivityText } from './messages.ts'

type Key = Parameters<ReturnType<typeof useActivityText>>[0]

/** Acts whose name says by itself that they did not succeed. */
const namedAsFailed: readonly string[] = ['user.login_failed', 'user.step_up_failed']

/** An event as its owner would tell it: «You signed in»; what has no such sentence is called by its plain name. */
export function useActivitySentence(): (event: OwnEvent) => string {
  const text = useActivityText()
  const nameOf = useActionName()
  const own = (prefix: string, action: string): string | undefined => {
    const key = `${prefix}_${action.replace('.', '_')}`
    const sentence = text(key as Key)
    return sentence === key ? undefined : sentence
  }
  return ({ action, outcome, by }) => {
    if (outcome !== 'success' && !namedAsFailed.includes(action)) {
      return own('failed', action) ?? text('failed', { what: nameOf(action) })
    }
    return (by === 'self' ? own('you', action) : undefined) ?? nameOf(action)
  }
}
