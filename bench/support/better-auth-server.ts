import { randomUUID } from 'node:crypto'
import { bundlePeer } from './bundle-peer.ts'
import { benchPassword } from './our-server.ts'
import { type ServerCommand, type StartedServer, startServer } from './start-server.ts'

interface Setting {
  /** A file of SQLite, or a `postgres:` address. */
  readonly database: string
  /** Sessions are believed from a signed cookie for five minutes, an ended one too. */
  readonly cookieCache?: boolean
  /** Each call moves the end of its session. */
  readonly refreshAlways?: boolean
  /** The tables are there already: a start in production does not make them. */
  readonly migrated?: boolean
}

export interface BetterAuth extends StartedServer {
  /** New accounts, each signed in: the headers that a browser would send. */
  people(count: number): Promise<readonly Person[]>
}

export interface Person {
  readonly email: string
  readonly headers: Readonly<Record<string, string>>
}

/** `file` is the bundled peer. */
export const betterAuthCommand = (
  file: string,
  { database, cookieCache, refreshAlways, migrated }: Setting,
): ServerCommand => ({
  name: 'better-auth',
  args: [file],
  env: (port: number): Readonly<Record<string, string>> => ({
    PORT: String(port),
    NODE_ENV: 'production',
    DATABASE_URL: database,
    BETTER_AUTH_SECRET: 'only for a bench: 0123456789abcdef',
    ...(!migrated && { MIGRATE: 'yes' }),
    ...(cookieCache && { COOKIE_CACHE: 'yes' }),
    ...(refreshAlways && { REFRESH_ALWAYS: 'yes' }),
  }),
  readyPath: '/api/auth/ok',
})

export async function startBetterAuth(directory: string, setting: Setting): Promise<BetterAuth> {
  const file = await bundlePeer('better-auth', directory)
  const server = await startServer(betterAuthCommand(file, setting), directory)
  const base = `http://127.0.0.1:${server.port}`
  const signUp = async (): Promise<Person> => {
    const email = `person-${randomUUID()}@example.com`
    const answer = await fetch(`${base}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: base },
      body: JSON.stringify({ email, password: benchPassword, name: 'A person' }),
    })
    if (!answer.ok) throw new Error(`better-auth's sign-up answered ${answer.status}: ${await answer.text()}`)
    const cookies = answer.headers.getSetCookie().map(cookie => cookie.split(';', 1)[0]!)
    return { email, headers: { Cookie: cookies.join('; '), Origin: base } }
  }
  return { ...server, people: count => Promise.all(Array.from({ length: count }, signUp)) }
}
