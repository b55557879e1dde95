import { execFileSync } from 'node:child_process'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'

/** What the figures were measured on. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  readonly node: string
  /** Of the checkout, when it is one. */
  readonly commit: string | undefined
}

export const describeMachine = (): Machine => ({
  processor: cpus()[0]?.model.trim() || arch(),
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release().split('-', 1)[0]}`,
  node: process.version,
  commit: commit(),
})

function commit(): string | undefined {
  try {
    const text = execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return text.trim()
  } catch {
    return undefined
  }
}
