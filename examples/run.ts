/*
 * `npm run example -- fastify`: starts the demo of Propusk and, beside it, an example that uses the packed gate, until
 * Ctrl-C. The data of both are gone afterwards.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installExample } from './support/install-example.ts'
import { prepareNotes } from './support/prepare-notes.ts'
import { startDemo, startExample } from './support/start.ts'

const known = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && entry.name !== 'support')
  .map(({ name }) => name)
const [name] = process.argv.slice(2)
if (name === undefined || !known.includes(name)) {
  console.error(`Say which example: npm run example -- ${known.join(' | ')}`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), `propusk-${name}-`))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))

const demo = await startDemo(join(folder, 'demo'), 8000)
const key = await prepareNotes(demo.url)
const installed = await installExample(name, join(folder, name))
const example = await startExample(installed, { issuer: demo.url, key, port: 3000 })

console.log(`Propusk is at ${demo.url}, the example at ${example.url}. In another terminal:

  sign_in() { curl -s ${demo.url}/api/auth/login/ -H 'Content-Type: application/json' -d "{\\"email\\":\\"$1\\",\\"password\\":\\"$2\\"}" | sed 's/.*"access":"\\([^"]*\\)".*/\\1/'; }
  TOKEN=$(sign_in user@example.com user-demo)                # may read and create
  EDITOR=$(sign_in supervisor@example.com supervisor-demo)   # may approve, too
  curl -i ${example.url}/notes
  curl -i ${example.url}/notes -H "Authorization: Bearer $TOKEN"
  curl -i -X POST ${example.url}/notes/1/approve -H "Authorization: Bearer $TOKEN"
  curl -i -X POST ${example.url}/notes/1/approve -H "Authorization: Bearer $EDITOR"

End the session of user@example.com in the console (${demo.url}, mr.englishcat@gmail.com, root): the next call is refused.
Ctrl-C stops both.`)
