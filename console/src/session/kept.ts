import { onSessionChange, sessionState } from './session.ts'

/**
 * What was typed when a session ended by itself, for the same person once they are signed in again. Kept in memory alone:
 * it may be about people, and is gone with the page.
 */
const kept = new Map<string, Readonly<Record<string, unknown>>>()
let ownerId: number | undefined

/** After these the person did not mean to leave. */
const unwanted: readonly (string | undefined)[] = ['idle', 'ended', 'expired']

onSessionChange(() => {
  const session = sessionState()
  if (session.status === 'out' && !unwanted.includes(session.ending)) kept.clear()
  if (session.status !== 'in') return
  if (ownerId !== undefined && ownerId !== session.profile.id) kept.clear()
  ownerId = session.profile.id
})

const keyOf = (name: string) => `${window.location.pathname} ${name}`

/** Whether the session is over, and what is on the page must be kept. */
export function mustKeep(): boolean {
  const session = sessionState()
  return session.status === 'out' && unwanted.includes(session.ending)
}

export function keep(name: string, values: Readonly<Record<string, unknown>>): void {
  kept.set(keyOf(name), values)
}

/** Whether something was typed into this form of this page that will be given back. */
export const isKept = (name: string): boolean => kept.has(keyOf(name))

export const keepsAnything = (): boolean => kept.size > 0

/** Gives what was kept, once. */
export function takeKept(name: string): Readonly<Record<string, unknown>> | undefined {
  const values = kept.get(keyOf(name))
  kept.delete(keyOf(name))
  return values
}
