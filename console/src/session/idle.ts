import type { BrowserSession } from '@propusk/client'
import { basePath } from './base-path.ts'

/**
 * Watches a session that ends when it is idle (`PROPUSK_SESSION_IDLE`): it is used when the person acts, and only then, so
 * that what the page asks by itself does not keep it alive. All tabs of the browser know of it together.
 */

/** What the watch has done to the session. Each rejects when the server cannot be asked. */
interface IdleActs {
  /** Uses the session; it is left when it is over. */
  prolong(): Promise<void>
  /** When it ends, without a use of it; undefined when it is over. */
  ask(): Promise<BrowserSession | undefined>
  leave(): void
}

interface End {
  /** By the monotonic clock of this page. */
  readonly atMs: number
  /** By the clock of the machine, which goes on while that sleeps; good for no more than a guess. */
  readonly wallMs: number
  readonly idleMs: number | null
}

type Wire =
  | { readonly kind: 'acted' }
  | { readonly kind: 'end'; readonly leftMs: number; readonly idleMs: number | null }

/** At the end the server is asked; a little later, so that it agrees. */
const graceMs = 300
/** So often it is seen whether the machine has slept. */
const stepMs = 15_000
const longestWarningMs = 120_000

const listeners = new Set<() => void>()
const waiting = new Set<() => void>()
let acts: IdleActs | undefined
let end: End | undefined
let usedAtMs = 0
let hasActed = false
let isWarning = false
let timer: ReturnType<typeof setTimeout> | undefined
let sleptBefore = 0

const channel = new BroadcastChannel(`propusk.idle${basePath}`)
channel.onmessage = ({ data }: MessageEvent<Wire>) => {
  if (end === undefined) return
  if (data.kind === 'acted') heedAct()
  else adopt(data.leftMs, data.idleMs)
}

/** How far the clock of the machine has gone on without that of the page. */
const slept = () => Date.now() - performance.now()

/** The end of the session, in ms of the monotonic clock, while it must be warned of. */
export const idleWarning = (): number | undefined => (isWarning ? end?.atMs : undefined)

/** Whether what the page asks by itself waits for the person. */
export const isResting = (): boolean => waiting.size > 0

export function onIdleChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const notifyListeners = () => {
  for (const listener of listeners) listener()
}

/** Called with each answer that says when the session ends; each was a use of it. */
export function noteSession({ expires_in, idle_seconds }: BrowserSession): void {
  const [leftMs, idleMs] = [expires_in * 1000, idle_seconds === null ? null : idle_seconds * 1000]
  adopt(leftMs, idleMs)
  channel.postMessage({ kind: 'end', leftMs, idleMs } satisfies Wire)
}

function adopt(leftMs: number, idleMs: number | null): void {
  hasActed = false
  usedAtMs = performance.now()
  setEnd(leftMs, idleMs)
  release()
}

function setEnd(leftMs: number, idleMs: number | null): void {
  end = { atMs: performance.now() + leftMs, wallMs: Date.now() + leftMs, idleMs }
  isWarning = false
  sleptBefore = slept()
  notifyListeners()
  schedule()
}

/** Called when nobody is signed in any more. */
export function forgetSession(): void {
  end = undefined
  isWarning = false
  clearTimeout(timer)
  release()
  notifyListeners()
}

function release(): void {
  const released = [...waiting]
  waiting.clear()
  for (const go of released) go()
  if (released.length > 0) notifyListeners()
}

/** Whether the session has ended for want of a use, as far as this page can know. */
export const isIdleOver = (): boolean =>
  end !== undefined &&
  end.idleMs !== null &&
  (performance.now() >= end.atMs - graceMs || Date.now() >= end.wallMs - graceMs)

/**
 * Resolves when the session may be used on behalf of the page: at once where it does not end when it is idle, or where the
 * person has acted since the last use; otherwise when they act, or when the session is over.
 */
export async function untilPersonActs(): Promise<void> {
  if (end === undefined || end.idleMs === null || hasActed) return
  await new Promise<void>(resolve => {
    waiting.add(resolve)
    notifyListeners()
  })
}

/** Uses the session because the person has said so. Rejects when the server cannot be asked. */
export const staySignedIn = async (): Promise<void> => await acts?.prolong()

const warnMsOf = (idleMs: number) => Math.min(idleMs / 5, longestWarningMs)
const intervalMsOf = (idleMs: number) => Math.max(1_000, Math.min(idleMs / 10, 5 * 60_000))

/** The person is there. While the warning is shown they answer that: what moved may have been the table. */
function onAct(): void {
  if (end === undefined || end.idleMs === null || isWarning) return
  if (!hasActed) channel.postMessage({ kind: 'acted' } satisfies Wire)
  heedAct()
  if (performance.now() - usedAtMs >= intervalMsOf(end.idleMs)) prolong()
}

function heedAct(): void {
  if (hasActed || isWarning) return
  hasActed = true
  release()
  schedule()
}

let prolonging: Promise<void> | undefined

/** A server that does not answer is asked again at the next act, or at the next step. */
function prolong(): void {
  prolonging ??= acts
    ?.prolong()
    .catch(() => undefined)
    .finally(() => {
      prolonging = undefined
    })
}

function schedule(): void {
  clearTimeout(timer)
  if (end === undefined || end.idleMs === null) return
  const dueMs = isWarning ? end.atMs + graceMs : end.atMs - warnMsOf(end.idleMs)
  const prolongDueMs = hasActed ? usedAtMs + intervalMsOf(end.idleMs) : Number.POSITIVE_INFINITY
  const waitMs = Math.min(dueMs, prolongDueMs) - performance.now()
  timer = setTimeout(() => void look(), Math.min(Math.max(waitMs, 50), stepMs))
}

/** Does what is due by now. */
async function look(): Promise<void> {
  if (end === undefined || end.idleMs === null) return
  const nowMs = performance.now()
  // The monotonic clock of some systems stands still while the machine sleeps.
  const hasSlept = slept() - sleptBefore > 2_000
  sleptBefore = slept()
  if (hasSlept) await askForEnd()
  else if (hasActed && !isWarning && nowMs - usedAtMs >= intervalMsOf(end.idleMs)) {
    // One tab of those that the person has acted in is enough; another may have been quicker.
    prolong()
    await prolonging
  } else if (isWarning ? nowMs >= end.atMs : nowMs >= end.atMs - warnMsOf(end.idleMs)) await askForEnd()
  schedule()
}

/** The session may have been used elsewhere, as by a proxy that asks: only the server knows. */
async function askForEnd(): Promise<void> {
  const before = end
  const answer = await acts?.ask().catch(() => 'unknown' as const)
  // Used meanwhile, or left.
  if (end !== before || before === undefined || before.idleMs === null) return
  const isOver = answer === undefined || (answer === 'unknown' && performance.now() >= before.atMs)
  if (isOver) return acts?.leave()
  if (answer !== 'unknown') {
    const atMs = performance.now() + answer.expires_in * 1000
    // The same end, but for the way of the answer, is no reason to take the question away.
    if (!isWarning || atMs > before.atMs + 1_000) setEnd(answer.expires_in * 1000, before.idleMs)
  }
  if (end === undefined || performance.now() < end.atMs - warnMsOf(before.idleMs)) return
  isWarning = true
  notifyListeners()
}

const actsOfPerson = ['pointerdown', 'pointermove', 'keydown', 'touchstart', 'wheel', 'scroll'] as const

/** Called once, at the start of the page. */
export function watchIdle(given: IdleActs): void {
  acts = given
  for (const name of actsOfPerson) window.addEventListener(name, onAct, { capture: true, passive: true })
  // Timers of a page that was out of sight, or asleep, come late.
  const lookNow = () => document.visibilityState === 'visible' && void look()
  document.addEventListener('visibilitychange', lookNow)
  window.addEventListener('pageshow', lookNow)
}
