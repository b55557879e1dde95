import type { NamedValues } from './named-modal.tsx'

/** Only what differs, so that a field that somebody else changed meanwhile stays theirs. */
export const changedValues = (before: NamedValues, after: NamedValues): Partial<NamedValues> => ({
  ...(after.name !== before.name && { name: after.name }),
  ...(after.code_name !== before.code_name && { code_name: after.code_name }),
  ...(after.description !== before.description && { description: after.description }),
})
