import { Group, Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { naturally, useWholeList } from '../../../access/index.ts'
import { useMay } from '../../../session/index.ts'
import { useUserText } from './messages.ts'

/** Asks about any permission, also one that the roles do not give: leads to the answer, its reasons and what would change it. */
export function AskAnother({ userId }: { readonly userId: number }) {
  const text = useUserText()
  const may = useMay()
  const navigate = useNavigate()
  const isOn = may('resources', 'read') && may('actions', 'read')
  const resources = useWholeList('resources', 'listResources', { isOn })
  const actions = useWholeList('actions', 'listActions', { isOn })
  const [resource, setResource] = useState<string | null>(null)
  if (!isOn) return null
  const options = (rows: readonly { readonly code_name: string; readonly name: string }[] = []) =>
    rows.map(({ code_name }) => code_name).sort(naturally)
  return (
    <Group gap="xs" mt="sm" component="fieldset" style={{ border: 0, padding: 0, marginInline: 0 }}>
      <legend className="dim" style={{ padding: 0, marginBottom: 6 }}>
        {text('askAnother')}
      </legend>
      <Select
        size="xs"
        w={180}
        searchable
        aria-label={text('askResource')}
        placeholder={text('askResource')}
        value={resource}
        onChange={setResource}
        data={options(resources.data)}
      />
      <Select
        size="xs"
        w={160}
        searchable
        aria-label={text('askAction')}
        placeholder={text('askAction')}
        disabled={resource === null}
        value={null}
        onChange={action =>
          action !== null &&
          void navigate({
            to: '/console/try',
            search: { user: String(userId), resource: resource!, action },
          })
        }
        data={options(actions.data)}
      />
    </Group>
  )
}
