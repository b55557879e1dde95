import { useRefresh } from '../../access/index.ts'
import type { WithVersion } from '../../session/index.ts'
import { notifyDone, useCommonText } from '../../ui/index.ts'
import { changedValues } from './changed-values.ts'
import type { Entry, EntryKind } from './entry-kind.ts'
import { NamedModal, type NamedValues } from './named-modal.tsx'

interface EditEntryProps {
  readonly kind: EntryKind
  readonly entry: WithVersion<Entry>
  onClose(): void
}

/** Names a resource or an action anew; of a built-in one only the description can change. */
export function EditEntry({ kind, entry, onClose }: EditEntryProps) {
  const text = kind.useText()
  const common = useCommonText()
  const refresh = useRefresh()

  const change = (body: Partial<NamedValues>, ifMatch: string | undefined) =>
    kind.change(entry.id, body, ifMatch).finally(() => refresh(kind.resource, 'roles', 'access'))

  const save = async (values: NamedValues, old: WithVersion<NamedValues>) => {
    const after = changedValues(old, values)
    if (Object.keys(after).length > 0) {
      const { name, etag } = await change(after, old.etag)
      const before = changedValues(values, old)
      notifyDone(text('changed', { name }), { undo: () => change(before, etag) })
    }
    onClose()
  }

  return (
    <NamedModal
      title={text('editTitle', { name: entry.name })}
      verb={common('save')}
      initial={entry}
      read={() => kind.read(entry.id)}
      isBuiltIn={kind.builtIns.includes(entry.code_name)}
      onSubmit={save}
      onClose={onClose}
    />
  )
}
