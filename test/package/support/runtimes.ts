import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { reportMissing } from '../../support/report-missing.ts'
import { nodeFolder } from './nodes.ts'

const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url))

/** What a library promises to run on, with the binaries that may be it. */
const promised: readonly (Promised & { readonly name: string })[] = [
  ...([20, 22, 24, 26] as const).map(major => ({
    name: `Node ${major}`,
    says: new RegExp(`^v${major}\\.`),
    places: [`${nodeFolder(major)}/node`],
  })),
  {
    name: 'Bun',
    says: /^1\./,
    // Its install script, refused in package.json, would move the binary of the platform to the second place.
    places: [`@oven/bun-${bunPlatform()}/bin/bun`, 'bun/bin/bun.exe'].map(path => `${modules}${path}`),
  },
  {
    name: 'Deno',
    says: /^deno 2\./,
    places: [`${modules}@deno/linux-x64-glibc/deno`],
    // It asks before it opens a file or a connection.
    args: ['run', '--allow-all', '--no-prompt', '--no-remote'],
  },
]

function bunPlatform(): string {
  const cpu = process.arch === 'arm64' ? 'aarch64' : process.arch
  const isMusl = process.platform === 'linux' && !('glibcVersionRuntime' in reportHeader())
  return `${process.platform}-${cpu}${isMusl ? '-musl' : ''}`
}

function reportHeader(): object {
  const report = process.report.getReport() as unknown as { readonly header: object }
  return report.header
}

interface Promised {
  readonly says: RegExp
  readonly places: readonly string[]
  /** Before the name of the program. */
  readonly args?: readonly string[]
}

/** The binary that says that it is what was promised; undefined where the packages of the platform are not installed. */
function find({ says, places }: Promised): string | undefined {
  return places.find(path => existsSync(path) && says.test(versionOf(path)))
}

function versionOf(binary: string): string {
  try {
    return execFileSync(binary, ['--version'], { encoding: 'utf8' })
  } catch {
    // A placeholder, or a binary for another processor.
    return ''
  }
}

export interface Ran {
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program with nothing of this repository in its environment; rejects when it does not end with 0. */
export type RunProgram = (file: string, env?: Record<string, string>) => Promise<Ran>

/** One test for each promised runtime. */
export function onEachRuntime(what: string, test: (run: RunProgram) => Promise<void>): void {
  for (const runtime of promised) {
    const binary = find(runtime)
    const title = `${what} on ${runtime.name}`
    if (binary !== undefined) it(title, () => test(programs(binary, runtime.args)))
    else
      reportMissing(
        title,
        `${runtime.name} is not installed: it is a package for development of this repository`,
      )
  }
}

const programs =
  (binary: string, args: readonly string[] = []): RunProgram =>
  (file, env = {}) => {
    // Deno keeps what it compiles, and asks for news of itself.
    const quiet = { DENO_DIR: join(dirname(file), '.deno'), DENO_NO_UPDATE_CHECK: '1' }
    return promisify(execFile)(binary, [...args, file], { env: { ...quiet, ...env }, timeout: 300_000 })
  }
