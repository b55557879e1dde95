type Fields = Readonly<Record<string, unknown>>

/**
 * The fields whose values differ, each as `{ from, to }`, for the audit; undefined when nothing does. Field names
 * are those of the API.
 */
export function differences(before: Fields, after: Fields): Fields | undefined {
  const changed = Object.keys(after)
    .filter(field => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map(field => [field, { from: before[field], to: after[field] }] as const)
  return changed.length === 0 ? undefined : Object.fromEntries(changed)
}
