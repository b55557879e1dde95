const storageKey = 'propusk.forward'

/** A sign-in by hand takes longer. */
const atOnceMs = 10_000

interface Departure {
  readonly host: string
  readonly atMs: number
}

/** Whether this tab was led to the host a moment ago: then the browser has kept no cookie that lets it pass. */
export function isBackAtOnce(host: string, nowMs: number): boolean {
  const departure = readDeparture()
  return departure?.host === host && Math.abs(nowMs - departure.atMs) < atOnceMs
}

export const noteDeparture = (host: string, nowMs: number): void =>
  sessionStorage.setItem(storageKey, JSON.stringify({ host, atMs: nowMs } satisfies Departure))

function readDeparture(): Departure | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}
