import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Packs a folder as npm does; gives the name of the tarball in `destination`. Two runs give the same bytes. */
export async function npmPack(folder: string, destination: string): Promise<string> {
  const options = ['--pack-destination', destination, '--ignore-scripts', '--json']
  const { stdout } = await promisify(execFile)('npm', ['pack', folder, ...options], {
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  })
  const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[]
  if (packed === undefined) throw new Error(`npm has packed nothing of ${folder}: ${stdout}`)
  return packed.filename
}
