import { cpuUsage } from 'node:process'

/** Between two looks at the clock, so that looking costs little: as many calls as take about so long. */
const lookEveryMs = 0.5

/** Processor time of this process, all its threads: a neighbour on the machine does not count, a collection does. */
function usedMs(): number {
  const { user, system } = cpuUsage()
  return (user + system) / 1000
}

/** What one call costs, in ns of processor time, over as many calls as fit. `call` is given 0, 1, 2 …. */
export function timePerCallNs(call: (turn: number) => void, durationMs: number): number {
  const startedMs = usedMs()
  let turn = 0
  let tookMs = 0
  for (let batch = 1; tookMs < durationMs; ) {
    for (const end = turn + batch; turn < end; turn++) call(turn)
    const beforeMs = tookMs
    tookMs = usedMs() - startedMs
    if (tookMs - beforeMs < lookEveryMs) batch *= 2
  }
  return (tookMs / turn) * 1e6
}

/** The same for what gives a promise, one after the other. */
export async function timePerAsyncCallNs(
  call: (turn: number) => Promise<unknown>,
  durationMs: number,
): Promise<number> {
  const startedMs = usedMs()
  let turn = 0
  let tookMs = 0
  for (; tookMs < durationMs; tookMs = usedMs() - startedMs) await call(turn++)
  return (tookMs / turn) * 1e6
}
