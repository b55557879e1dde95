import { useNavigate } from '@tanstack/react-router'
import { useRefresh } from '../../access/index.ts'
import { notifyDone } from '../../ui/index.ts'
import type { EntryKind } from './entry-kind.ts'
import { useNamedText } from './named-messages.ts'
import { NamedModal, type NamedValues } from './named-modal.tsx'

interface CreateEntryProps {
  readonly kind: EntryKind
  onClose(): void
}

/** Makes a resource or an action, and opens it. */
export function CreateEntry({ kind, onClose }: CreateEntryProps) {
  const text = kind.useText()
  const named = useNamedText()
  const navigate = useNavigate()
  const refresh = useRefresh()

  const create = async (values: NamedValues) => {
    const { id, name } = await kind.create(values)
    void refresh(kind.resource)
    // The address of the new one no longer asks for the form.
    await navigate({ to: kind.toOne, params: { id: String(id) }, search: {} })
    notifyDone(text('created', { name }))
  }
  return <NamedModal title={text('new')} verb={named('create')} onSubmit={create} onClose={onClose} />
}
