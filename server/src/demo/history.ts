import type { EpochMs } from '../kernel/index.ts'
import type { Happening } from './happening.ts'
import { incidents } from './incidents.ts'
import { type DemoPerson, people } from './people.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** When the demo's organisation was founded: before the first person joined. */
export const foundedAtMs = (nowMs: EpochMs): EpochMs => nowMs - 420 * dayMs

/** People join one after another, a week or so apart. */
export const joinedAtMs = (person: DemoPerson, nowMs: EpochMs): EpochMs =>
  nowMs - (410 - 8 * people.indexOf(person)) * dayMs

/**
 * What these people did in the last day or two, oldest first. Nothing lies in the future, and the same people at
 * the same time have the same past.
 */
export function historyOf(chosen: readonly DemoPerson[], nowMs: EpochMs): readonly Happening[] {
  const emails = new Set(chosen.map(person => person.email))
  const told = incidents
    .filter(({ email }) => emails.has(email))
    .map(
      ({ email, minutesAgo, deed }): Happening => ({ ...deed, email, atMs: nowMs - minutesAgo * minuteMs }),
    )
  return [...chosen.flatMap(person => presenceOf(person, nowMs)), ...told].toSorted((a, b) => a.atMs - b.atMs)
}

/** Comings and goings: each device signs in within the last 20 hours or so, is used, and some sign out again. */
function presenceOf({ email, devices }: DemoPerson, nowMs: EpochMs): readonly Happening[] {
  const number = people.findIndex(person => person.email === email)
  return devices.flatMap((device, place): Happening[] => {
    const minutesAgo = 190 + ((number * 173 + place * 311) % 1_000)
    const lastUseMinutesAgo = 15 + ((number * 41 + place * 67) % 170)
    const at = (minutes: number) => ({ email, device, atMs: nowMs - minutes * minuteMs })
    const today: Happening[] = [
      { ...at(minutesAgo), kind: 'login' },
      { ...at(lastUseMinutesAgo), kind: 'use' },
    ]
    // One who signed out, and one whose session of the day before was never ended and has run out.
    if ((number + place) % 7 === 6) {
      today.push({ ...at(lastUseMinutesAgo - 2 - (number % 11)), kind: 'end', reason: 'logout' })
    }
    if ((number + 2 * place) % 6 === 5) today.unshift({ ...at(26 * 60 + number), kind: 'login' })
    return today
  })
}
