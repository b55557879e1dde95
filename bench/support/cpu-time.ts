import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Processor time that a process has used since its start, in ms; undefined where this system does not tell. */
export function cpuTimeMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  // The name in the second field may hold spaces: what counts comes after its bracket. See proc_pid_stat(5).
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond()
}

let known: number | undefined

function ticksPerSecond(): number {
  known ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return known
}
