import { execFile } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const built = join(root, 'console/dist/index.html')
const sources = ['console/{src,index.html,vite.config.ts,package.json}/**', 'console/*.*', 'client/src/*.ts']

/** What the browser tests look at is what the sources say: built anew when one of them is younger than the last build. */
export async function buildConsole(): Promise<void> {
  if (existsSync(built)) {
    const builtMs = statSync(built).mtimeMs
    const files = globSync(sources, { cwd: root }).map(path => statSync(join(root, path)))
    if (files.every(file => file.mtimeMs <= builtMs)) return
  }
  await promisify(execFile)(process.execPath, [join(root, 'console/build.js')])
}
