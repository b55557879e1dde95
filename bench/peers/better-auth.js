import { createServer } from 'node:http'
import { betterAuth } from 'better-auth'
import { toNodeHandler } from 'better-auth/node'
import { createAccessControl } from 'better-auth/plugins/access'
import { admin } from 'better-auth/plugins/admin'

/**
 * better-auth as its documents set it up for production: NODE_ENV, a database of its own through the built-in
 * adapter, the admin plugin with access control, Node's handler. Its limiter is off, as ours is in a bench.
 */
const { PORT, DATABASE_URL, COOKIE_CACHE, REFRESH_ALWAYS, BETTER_AUTH_SECRET } = process.env

const statements = { documents: ['read', 'create', 'update', 'delete'], reports: ['read', 'export'] }
const ac = createAccessControl(statements)
const roles = {
  user: ac.newRole({ documents: ['read'] }),
  admin: ac.newRole({ documents: ['read', 'create', 'update', 'delete'], reports: ['read', 'export'] }),
}

const options = {
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: BETTER_AUTH_SECRET,
  database: await openDatabase(DATABASE_URL),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  // One query instead of two where a session is read with its user.
  advanced: { database: { joins: true } },
  session: {
    ...(COOKIE_CACHE === 'yes' && { cookieCache: { enabled: true, maxAge: 300 } }),
    // Each call moves the session's end: what a refresh is where nothing rotates.
    ...(REFRESH_ALWAYS === 'yes' && { updateAge: 0 }),
  },
  plugins: [admin({ ac, roles, defaultRole: 'user' })],
}

if (process.env.MIGRATE === 'yes') {
  const { getMigrations } = await import('better-auth/db/migration')
  await (await getMigrations(options)).runMigrations()
}

const auth = betterAuth(options)
const answer = toNodeHandler(auth)
const server = createServer((request, response) => {
  if (request.url !== '/health/live') return answer(request, response)
  response.setHeader('content-type', 'application/json').end('{"status":"ok"}')
})
server.listen(Number(PORT), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))

async function openDatabase(url) {
  if (url.startsWith('postgres:')) {
    const { default: pg } = await import('pg')
    return new pg.Pool({ connectionString: url })
  }
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(url)
  // As durable as ours: every commit is on the disk before its answer.
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  return database
}
