import { type ComboboxItem, Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { naturally, textsOf, useEntryName, useWholeList } from '../../../access/index.ts'
import { useMay } from '../../../session/index.ts'
import { useUserText } from './messages.ts'

/** A list that is longer is searched rather than read. */
const mostShown = 50

interface PermissionOption extends ComboboxItem {
  /** All that it is found by: names and code names. */
  readonly words: string
}

/** Asks about any permission, also one that the roles do not give: leads to the answer, its reasons and what would change it. */
export function AskAnother({ userId }: { readonly userId: number }) {
  const text = useUserText()
  const navigate = useNavigate()
  const options = usePermissionOptions()
  if (options === undefined) return null
  return (
    <Select
      size="xs"
      mt="sm"
      maw={340}
      label={text('askAnother')}
      placeholder={text('askHint')}
      searchable
      selectFirstOptionOnChange
      limit={mostShown}
      value={null}
      onChange={permission => {
        const [resource, action] = permission?.split(':') ?? []
        if (resource === undefined || action === undefined) return
        void navigate({ to: '/console/try', search: { user: String(userId), resource, action } })
      }}
      data={[...options]}
      filter={({ options, search }) => {
        const typed = search.toLowerCase().split(/[\s:]+/)
        return (options as PermissionOption[]).filter(({ words }) =>
          typed.every(word => words.includes(word)),
        )
      }}
      renderOption={({ option }) => (
        <span style={{ overflowWrap: 'anywhere' }}>
          {option.label} <code className="dim">{option.value}</code>
        </span>
      )}
    />
  )
}

/** Each action on each resource; undefined for a viewer who may not read which there are. */
function usePermissionOptions(): readonly PermissionOption[] | undefined {
  const may = useMay()
  const entryName = useEntryName()
  const isOn = may('resources', 'read') && may('actions', 'read')
  const { data: resources = [] } = useWholeList('resources', 'listResources', { isOn })
  const { data: actions = [] } = useWholeList('actions', 'listActions', { isOn })
  return useMemo(() => {
    if (!isOn) return undefined
    const options = resources.flatMap(resource =>
      actions.map(action => {
        const value = `${resource.code_name}:${action.code_name}`
        const label = `${entryName(resource)}: ${entryName(action)}`
        const texts = [label, value, ...textsOf(resource), ...textsOf(action)]
        return { value, label, words: texts.join(' ').toLowerCase() }
      }),
    )
    return options.toSorted((a, b) => naturally(a.label, b.label))
  }, [isOn, resources, actions, entryName])
}
