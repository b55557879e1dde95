import { Button } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useActionName } from '../../../audit/index.ts'
import { nameOf, usePerson } from '../../../ui/index.ts'
import { useAuditText } from '../messages.ts'
import classes from './audit-filters.module.css'
import type { AuditSearch } from './audit-search.ts'
import { useFilterText } from './messages.ts'
import { useSetSearch } from './use-set-search.ts'

/** The filters that are set and stand nowhere else in sight; each goes by its own cross. */
export function AppliedFilters() {
  const text = useFilterText()
  const set = useSetSearch()
  const applied = useApplied()
  if (applied.length === 0) return null
  return (
    <div className={classes.line}>
      {applied.map(({ name, words }) => (
        <Button
          key={name}
          size="compact-xs"
          variant="light"
          rightSection={<X size={12} aria-hidden />}
          aria-label={text('remove', { filter: words })}
          onClick={() => set({ [name]: undefined })}
        >
          {words}
        </Button>
      ))}
    </div>
  )
}

function useApplied(): readonly { readonly name: keyof AuditSearch; readonly words: string }[] {
  const text = useFilterText()
  const audit = useAuditText()
  const actionName = useActionName()
  const { actor, action, outcome, target, address }: AuditSearch = useSearch({ from: '/console/audit' })
  const person = usePerson(actor === undefined ? undefined : Number(actor))
  const applied = [
    {
      name: 'actor',
      value: actor && (person === undefined ? `#${actor}` : nameOf(person)),
      of: audit('actor'),
    },
    { name: 'action', value: action && actionName(action), of: audit('action') },
    {
      name: 'outcome',
      value: outcome === 'success' ? audit('success') : undefined,
      of: text('outcome'),
    },
    { name: 'target', value: target, of: audit('target') },
    { name: 'address', value: address, of: text('address') },
  ] as const
  return applied.flatMap(({ name, value, of }) =>
    value === undefined || value === '' ? [] : [{ name, words: `${of}: ${value}` }],
  )
}
