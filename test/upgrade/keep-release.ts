import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What `serve` needs, apart from packages and the list of leaked passwords, which the present checkout lends. */
const kept = ['server/src', 'server/package.json', 'gate/src', 'gate/package.json', ':(exclude)*.test.ts']

const [commit, ...rest] = process.argv.slice(2)
if (commit === undefined || rest.length > 0) {
  console.error('npm run release:keep -- COMMIT   (the commit or tag of a release that has just been made)')
  process.exit(2)
}
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 })
const { version } = JSON.parse(git('show', `${commit}:server/package.json`).toString()) as { version: string }
const file = new URL(`releases/${version}.tar.gz`, import.meta.url)
const archive = gzipSync(git('archive', '--format=tar', commit, '--', ...kept), { level: 9 })
writeFileSync(file, archive)
console.log(`${fileURLToPath(file)}: ${Math.round(readFileSync(file).length / 1024)} KB`)
