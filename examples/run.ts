/*
 * `npm run example -- fastify`: starts the demo of Propusk and, beside it, an example, until Ctrl-C. The data of both are gone
 * afterwards.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installExample } from './support/install-example.ts'
import { addressesOf, missingPrograms, prepareSite, settingsOf, startSite } from './support/nginx-site.ts'
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

if (name === 'nginx-site') await runSite()
else if (name === 'spa') await runPage()
else await runNotes(name)

/** An API that uses the packed gate. */
async function runNotes(example: string): Promise<void> {
  const demo = await startDemo(join(folder, 'demo'), 8000)
  const key = await prepareNotes(demo.url)
  const installed = await installExample(example, join(folder, example))
  const { url } = await startExample(installed, { issuer: demo.url, key, port: 3000 })
  console.log(`Propusk is at ${demo.url}, the example at ${url}. In another terminal:

  sign_in() { curl -s ${demo.url}/api/auth/login/ -H 'Content-Type: application/json' -d "{\\"email\\":\\"$1\\",\\"password\\":\\"$2\\"}" | sed 's/.*"access":"\\([^"]*\\)".*/\\1/'; }
  TOKEN=$(sign_in user@example.com user-demo)                # may read and create
  EDITOR=$(sign_in supervisor@example.com supervisor-demo)   # may approve, too
  curl -i ${url}/notes
  curl -i ${url}/notes -H "Authorization: Bearer $TOKEN"
  curl -i -X POST ${url}/notes/1/approve -H "Authorization: Bearer $TOKEN"
  curl -i -X POST ${url}/notes/1/approve -H "Authorization: Bearer $EDITOR"

End the session of user@example.com in the console (${demo.url}, mr.englishcat@gmail.com, root): the next call is refused.
Ctrl-C stops both.`)
}

/** A page with the packed client, whose API uses the packed gate. */
async function runPage(): Promise<void> {
  const port = 3000
  // The page is of another origin than Propusk, which it calls.
  const cors = { PROPUSK_CORS_ORIGINS: `http://127.0.0.1:${port}` }
  const demo = await startDemo(join(folder, 'demo'), 8000, cors)
  const key = await prepareNotes(demo.url)
  const installed = await installExample('spa', join(folder, 'spa'))
  const { url } = await startExample(installed, { issuer: demo.url, key, port })
  console.log(`Propusk is at ${demo.url}, the page at ${url}.

  user@example.com, user-demo                may read and add notes
  supervisor@example.com, supervisor-demo    may approve them, too

Open it in two tabs: a sign-in or a sign-out in one is one in both. End the session in the console (${demo.url},
mr.englishcat@gmail.com, root): the next call signs both out. Ctrl-C stops both.`)
}

/** A site behind nginx, without any code of ours in it. */
async function runSite(): Promise<void> {
  const missing = missingPrograms()
  if (missing.length > 0) {
    console.error(
      `This example needs ${missing.join(' and ')}. On Debian: sudo apt install nginx-light openssl`,
    )
    process.exit(1)
  }
  const port = 3443
  await startDemo(join(folder, 'demo'), 8000, settingsOf(port))
  await prepareSite('http://127.0.0.1:8000')
  const { url } = await startSite(join(folder, 'site'), { nginx: port, propusk: 8000 })
  const { publicUrl } = addressesOf(port)
  console.log(`The site is at ${url}, Propusk at ${publicUrl}. Their certificate is made for this start, so a browser warns of it.

  ${url}/open/               everybody sees
  ${url}/                    leads to the sign-in and back: user@example.com, user-demo
  ${url}/reports/2026.html   needs site_reports:read: supervisor@example.com, supervisor-demo

Sign out, or change a rule in the console (${publicUrl}/console/, mr.englishcat@gmail.com, root): the next request obeys.
Ctrl-C stops both.`)
}
