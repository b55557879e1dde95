import { useSearch } from '@tanstack/react-router'
import { useActionName } from '../../../audit/index.ts'
import { nameOf, usePerson } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import type { AuditSearch } from './audit-search.ts'
import { useFilterText } from './messages.ts'
import { usePeriodName } from './use-period-name.ts'

interface FilterWords {
  readonly name: keyof AuditSearch
  readonly words: string
}

type Known<Name extends string> = Extract<Parameters<ReturnType<typeof useFilterText>>[0], Name>

/** Every filter that is set, in words. */
export function useFilterWords(): readonly FilterWords[] {
  const text = useFilterText()
  const audit = useAuditText()
  const actionName = useActionName()
  const search: AuditSearch = useSearch({ from: '/console/audit' })
  const { actor, action, kind, outcome, target, address, q } = search
  const person = usePerson(actor === undefined ? undefined : Number(actor))
  const all: readonly (FilterWords | false | undefined)[] = [
    period(usePeriodName()(search)),
    kind !== undefined && { name: 'kind', words: text(kind as Known<'incidents'>) },
    actor !== undefined && {
      name: 'actor',
      words: `${audit('actor')}: ${person === undefined ? `#${actor}` : nameOf(person)}`,
    },
    action !== undefined && { name: 'action', words: `${audit('action')}: ${actionName(action)}` },
    outcome !== undefined && {
      name: 'outcome',
      words: `${text('outcome')}: ${audit(outcome as 'success' | 'denied' | 'failure')}`,
    },
    target !== undefined && { name: 'target', words: `${audit('target')}: ${target}` },
    address !== undefined && { name: 'address', words: `${text('address')}: ${address}` },
    q !== undefined && { name: 'q', words: `“${q}”` },
  ]
  return all.filter(each => each !== false && each !== undefined)
}

const period = (words: string | undefined): FilterWords | undefined =>
  words === undefined ? undefined : { name: 'period', words }
