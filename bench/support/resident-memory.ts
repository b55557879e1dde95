import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The memory that a process holds now, in MB of 10^6 bytes. Throws where neither /proc nor ps can tell. */
export function residentMb(pid: number): number {
  const kib = process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
  if (!Number.isFinite(kib)) throw new Error(`The memory of process ${pid} cannot be read on this system.`)
  return (kib * 1024) / 1e6
}

const fromProc = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

const fromPs = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim())
