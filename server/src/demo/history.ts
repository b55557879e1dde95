import type { EpochMs } from '../kernel/index.ts'
import type { EndReason } from '../sessions/index.ts'
import { type DemoPerson, type DeviceName, people } from './people.ts'

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
export function historyOf(chosen: readonly DemoPerson[], nowMs: EpochMs): readonly DemoEvent[] {
  const emails = new Set(chosen.map(person => person.email))
  const chosenIncidents = incidents
    .filter(({ email }) => emails.has(email))
    .map(
      ({ email, minutesAgo, details }): DemoEvent => ({
        ...details,
        email,
        atMs: nowMs - minutesAgo * minuteMs,
      }),
    )
  return [...chosen.flatMap(person => sessionsOf(person, nowMs)), ...chosenIncidents].toSorted(
    (a, b) => a.atMs - b.atMs,
  )
}

/** Sessions come and go: each device signs in within the last 20 hours or so, is used, and some sign out again. */
function sessionsOf({ email, devices }: DemoPerson, nowMs: EpochMs): readonly DemoEvent[] {
  const number = people.findIndex(person => person.email === email)
  return devices.flatMap((device, place): DemoEvent[] => {
    const minutesAgo = 190 + ((number * 173 + place * 311) % 1_000)
    const lastUseMinutesAgo = 15 + ((number * 41 + place * 67) % 170)
    const at = (minutes: number) => ({ email, device, atMs: nowMs - minutes * minuteMs })
    const today: DemoEvent[] = [
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

/** One thing that a person did, or that was done to them, in the demo's past. */
export type DemoEvent = { readonly atMs: EpochMs; readonly email: string } & EventDetails

export type EventDetails =
  | { readonly kind: 'login' | 'use'; readonly device: DeviceName }
  /** The session on this device ends; `by` another person. */
  | { readonly kind: 'end'; readonly device: DeviceName; readonly reason: EndReason; readonly by?: string }
  | { readonly kind: 'end_all'; readonly by: string }
  | { readonly kind: 'deactivate'; readonly by: string }
  /** Every session but the one on this device ends. */
  | { readonly kind: 'password_change'; readonly device: DeviceName }
  /** The last of the roles that the person has today came later than the others. */
  | { readonly kind: 'promote'; readonly by: string; readonly from: readonly string[] }
  | {
      readonly kind: 'denied'
      readonly device: DeviceName
      readonly method: string
      readonly path: string
      readonly permission: string
    }

/** What happened beside people coming and going, so that the audit and the lists of sessions have something to tell. */
export const incidents: readonly { email: string; minutesAgo: number; details: EventDetails }[] = [
  {
    email: 'user@example.com',
    minutesAgo: 126,
    details: denied('windowsFirefox', 'DELETE', '/api/demo/documents/:id/', 'documents:delete'),
  },
  {
    email: 'user@example.com',
    minutesAgo: 120,
    details: denied('windowsFirefox', 'POST', '/api/demo/documents/:id/approve/', 'documents:approve'),
  },
  {
    email: 'jack.turner@example.net',
    minutesAgo: 330,
    details: denied('curl', 'GET', '/api/demo/documents/export/', 'documents:export'),
  },
  {
    email: 'v.golubev@example.com',
    minutesAgo: 84,
    details: denied('curl', 'GET', '/api/auth/users/', 'users:read'),
  },
  {
    email: 'supervisor@example.com',
    minutesAgo: 48,
    details: denied('macChrome', 'DELETE', '/api/demo/projects/:id/', 'projects:delete'),
  },
  {
    email: 'yu.semenova@example.com',
    minutesAgo: 1560,
    details: { kind: 'promote', by: 'admin@example.com', from: ['user'] },
  },
  {
    email: 'm.orlov@example.com',
    minutesAgo: 1500,
    details: { kind: 'promote', by: 'admin@example.com', from: ['user'] },
  },
  {
    email: 'charlie.brooks@example.net',
    minutesAgo: 31,
    details: { kind: 'end', device: 'curl', reason: 'refresh_reuse' },
  },
  {
    email: 'grace.hughes@example.org',
    minutesAgo: 44,
    details: { kind: 'end', device: 'ipad', reason: 'ended_by_admin', by: 'admin@example.com' },
  },
  {
    email: 'lucy.morgan@example.org',
    minutesAgo: 57,
    details: { kind: 'end', device: 'iphone', reason: 'revoked' },
  },
  {
    email: 'e.morozova@example.com',
    minutesAgo: 73,
    details: { kind: 'password_change', device: 'android' },
  },
  {
    email: 'arthur.cox@example.net',
    minutesAgo: 88,
    details: { kind: 'end_all', by: 'i.kuznetsov@example.com' },
  },
  { email: 'p.pavlov@example.com', minutesAgo: 96, details: { kind: 'deactivate', by: 'admin@example.com' } },
  {
    email: 'harry.barnes@example.net',
    minutesAgo: 113,
    details: { kind: 'deactivate', by: 'admin@example.com' },
  },
  {
    email: 'v.komarova@example.com',
    minutesAgo: 127,
    details: { kind: 'deactivate', by: 'emily.carter@example.org' },
  },
  {
    email: 'oscar.sanders@example.net',
    minutesAgo: 142,
    details: { kind: 'deactivate', by: 'emily.carter@example.org' },
  },
]

function denied(
  device: 'windowsFirefox' | 'macChrome' | 'curl',
  method: string,
  path: string,
  permission: string,
): EventDetails {
  return { kind: 'denied', device, method, path, permission }
}
