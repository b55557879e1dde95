import type { Session } from '@propusk/client'

/** The stretch of time that an axis shows. */
export interface TimeSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly nowMs: number
}

const ms = (instant: string): number => new Date(instant).getTime()

/** When a session is over: its end, or the age at which it would end by itself. */
export const overAtMs = ({ ended_at, expires_at }: Session): number => ms(ended_at ?? expires_at)

/** From the beginning of the oldest session to the end of the latest, now included. */
export const spanOf = (sessions: readonly Session[], nowMs: number): TimeSpan => ({
  fromMs: Math.min(nowMs, ...sessions.map(({ created_at }) => ms(created_at))),
  toMs: Math.max(nowMs, ...sessions.map(overAtMs)),
  nowMs,
})

/** Where an instant stands on the axis, from 0 to 1. */
export const placeOf = (instantMs: number, { fromMs, toMs }: TimeSpan): number =>
  toMs === fromMs ? 0 : Math.min(1, Math.max(0, (instantMs - fromMs) / (toMs - fromMs)))
