import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const modules = new URL('../../../node_modules/', import.meta.url)

/** The folder of a version of Node.js that is installed for tests; undefined where this platform has none. */
export function nodeFolder(major: 20 | 22 | 24 | 26): string | undefined {
  const folder = fileURLToPath(new URL(major === 26 ? 'node/bin' : `node-${major}/bin`, modules))
  return existsSync(`${folder}/node`) ? folder : undefined
}
