// Builds the pages. JavaScript, because it may run after an install on the machine's own Node.js, whatever its version.
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { filesIn, packagesOf } from '../scripts/packages.js'

/**
 * Writes `console/dist`, and in it which packages are in it: their licences travel with the server's.
 *
 * @param {{ root: string }} options The root of the repository.
 */
export async function buildConsole({ root }) {
  const { build } = await import('vite')
  const folder = join(root, 'console')
  const { output } = await build({ root: folder, logLevel: 'warn' })
  const packages = await packagesOf(
    root,
    filesIn(output).map(file => (file.startsWith('\0') ? file : resolve(folder, file))),
  )
  await writeFile(join(folder, 'dist/.packages.json'), `${JSON.stringify(packages, undefined, 2)}\n`)
}
