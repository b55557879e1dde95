import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * How long a process has kept processors busy so far, in ms: what its work costs, whatever else the machine is doing.
 * Undefined where there is no /proc.
 */
export function processorMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold blanks. Then follow the fields from the third on; proc(5) numbers utime 14, stime 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond()
}

let ticks: number | undefined

function ticksPerSecond(): number {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return ticks
}
