// `npm ci` and `npm install` end with this: what was installed is built, once.
import { existsSync } from 'node:fs'
import { readlink, symlink, unlink } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const installed = name => fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url))

/**
 * Every package of Node.js brings a command `node`. An install that adds one later than the others gives it the name, and
 * every script of npm would run on it: the name stays with the package `node`.
 */
async function keepNode() {
  const link = installed('.bin/node')
  const wanted = '../node/bin/node'
  const target = await readlink(link).catch(() => undefined)
  if (target === undefined || target === wanted) return
  await unlink(link)
  await symlink(wanted, link)
}

await keepNode()
if (existsSync(installed('rolldown'))) await import('./build.js')
else console.log('Not built: this install left the development packages out. To build: npm ci --include=dev')
