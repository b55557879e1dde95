import { execFile } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { oneProcessAtATime } from './one-process-at-a-time.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = join(root, 'scripts/build.js')

interface Built {
  readonly name: 'console' | 'server'
  /** Written by each build. */
  readonly result: string
  readonly sources: readonly string[]
}

const builds: readonly Built[] = [
  {
    name: 'console',
    result: 'console/dist/.packages.json',
    sources: [
      'console/{src,index.html,vite.config.ts,package.json}/**',
      'console/*.*',
      'client/src/*.ts',
      'docs/settings.ru.md',
    ],
  },
  {
    name: 'server',
    result: 'server/dist/sbom.cdx.json',
    sources: [
      '{server,gate}/src/**/*.{ts,js}',
      'server/{assets,scripts}/**',
      '{server/package.json,package-lock.json,scripts/*.js}',
      'console/dist/.packages.json',
    ],
  },
]

/**
 * Builds what a test runs or looks at, where a source is younger than the last build: called by the test files and helpers
 * that need it, so that any of them can be run alone.
 */
export const build = (...names: readonly Built['name'][]): Promise<void> =>
  oneProcessAtATime('build', async () => {
    for (const { name, result, sources } of builds.filter(({ name }) => names.includes(name))) {
      if (!isFresh(join(root, result), sources)) await promisify(execFile)(process.execPath, [script, name])
    }
  })

function isFresh(result: string, sources: readonly string[]): boolean {
  if (!existsSync(result)) return false
  const builtMs = statSync(result).mtimeMs
  return globSync(sources, { cwd: root }).every(path => statSync(join(root, path)).mtimeMs <= builtMs)
}
