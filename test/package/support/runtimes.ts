import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { reportMissing } from '../../support/report-missing.ts'

const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url))

/** What a library promises to run on, with the places where its binary may lie. */
const promised = [
  { name: 'Node 20', says: /^v20\./, places: ['node-20/bin/node'] },
  { name: 'Node 22', says: /^v22\./, places: ['node-22/bin/node'] },
  { name: 'Node 24', says: /^v24\./, places: ['node-24/bin/node'] },
  { name: 'Node 26', says: /^v26\./, places: ['node/bin/node'] },
  {
    name: 'Bun',
    says: /^1\./,
    // Its install script, refused in package.json, would move the binary of the platform to the second place.
    places: [`@oven/bun-${bunPlatform()}/bin/bun`, 'bun/bin/bun.exe'],
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
}

/** The binary that says that it is what was promised; undefined where the packages of the platform are not installed. */
function find({ says, places }: Promised): string | undefined {
  return places
    .map(place => `${modules}${place}`)
    .find(path => existsSync(path) && says.test(versionOf(path)))
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
    if (binary !== undefined) it(title, () => test(programs(binary)))
    else
      reportMissing(
        title,
        `${runtime.name} is not installed: node_modules has no ${runtime.places.join(' nor ')}`,
      )
  }
}

const programs =
  (binary: string): RunProgram =>
  (file, env = {}) =>
    promisify(execFile)(binary, [file], { env, timeout: 60_000 })
