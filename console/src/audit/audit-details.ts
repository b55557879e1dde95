/** Readers of what an event carries in its details: anything may be missing in an event of an older server. */
export type Details = Readonly<Record<string, unknown>>

interface Change {
  readonly from: unknown
  readonly to: unknown
}

export const textIn = (details: Details, name: string): string => {
  const value = details[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export const countIn = (details: Details, name: string): number => {
  const value = details[name]
  return typeof value === 'number' ? value : 0
}

export const recordIn = (details: Details, name: string): Details | undefined => {
  const value = details[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Details) : undefined
}

export const namesIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(name => typeof name === 'string') : []

/** The old and the new value of a field, when it changed and both were written down. */
export function changeIn(details: Details, name: string): Change | undefined {
  const value = details[name]
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value
    ? { from: value.from, to: value.to }
    : undefined
}

/** What came to a list and what left it. */
export function listChange({ from, to }: Change): {
  readonly added: readonly string[]
  readonly removed: readonly string[]
} {
  const before = namesIn(from)
  const after = namesIn(to)
  return {
    added: after.filter(name => !before.includes(name)),
    removed: before.filter(name => !after.includes(name)),
  }
}
