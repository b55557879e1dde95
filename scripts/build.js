// `npm run build`: the console, then the server, into `console/dist` and `server/dist`. With a word, one of them.
import { fileURLToPath } from 'node:url'
import { buildConsole } from '../console/build.js'
import { bundleServer } from '../server/scripts/bundle.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const wanted = process.argv.slice(2)
const isWanted = name => wanted.length === 0 || wanted.includes(name)

try {
  if (isWanted('console')) await buildConsole({ root })
  if (isWanted('server')) await bundleServer({ root })
} catch (error) {
  const isOfBuilder = /'(?:vite|rolldown)'/.test(error.message)
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !isOfBuilder) throw error
  console.error(
    'Not built: what builds is a development package, and those are not installed. Run: npm ci --include=dev',
  )
  process.exitCode = 1
}
