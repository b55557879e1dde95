import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeChunks } from '../../server/scripts/bundle.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Bundles a file of `bench/peers` with all that it imports, by the settings of our own build, so that nothing but their
 * work tells the two apart. Gives the file to start, somewhere in `directory`.
 */
export async function bundlePeer(
  name: 'bare-fastify' | 'better-auth' | 'same-answers',
  directory: string,
): Promise<string> {
  const out = join(directory, `bundle-${name}`)
  await writeChunks({ root, out, input: { [name]: `bench/peers/${name}.js` } })
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }')
  return join(out, 'chunks', `${name}.js`)
}
