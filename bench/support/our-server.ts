import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { settings } from '../../server/src/config/index.ts'
import { type ServerCommand, type StartedServer, startServer } from './start-server.ts'

/** The build, which is what people run. */
const mainFile = fileURLToPath(new URL('../../server/dist/main.js', import.meta.url))

export const benchPassword = 'correct horse battery staple'

/** One key for every node of a bench. */
const masterKey = Buffer.alloc(32, 7).toString('base64')

/** Limits would answer 429 to a load from one address: every setting that is one is off. */
const limitsOff = Object.fromEntries(
  settings.filter(({ name }) => /^PROPUSK_(?:LIMIT|GUESSES)/.test(name)).map(({ name }) => [name, 'off']),
)

export const ourEnvironment = (
  databaseUrl: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => ({
  PROPUSK_DATABASE_URL: databaseUrl,
  PROPUSK_MASTER_KEY: masterKey,
  // Every server of a bench is as quiet as this: no line for a request that went well.
  PROPUSK_LOG_LEVEL: 'warn',
  ...limitsOff,
  ...more,
})

export const ourCommand = (environment: Readonly<Record<string, string>>): ServerCommand => ({
  name: 'Propusk',
  args: [mainFile, 'serve'],
  env: port => ({ ...environment, PROPUSK_PORT: String(port) }),
  readyPath: '/health/ready',
})

export interface SignedIn {
  readonly id: number
  readonly email: string
  readonly access: string
  readonly refresh: string
}

/** Our server with people on it, made through its own API. */
export interface OurServer extends StartedServer {
  readonly admin: SignedIn
  /** JSON in, JSON out. Rejects unless the answer is 2xx. */
  call(method: string, path: string, token?: string, body?: unknown): Promise<unknown>
  /** New accounts, each signed in, all with this role unless it is left out. */
  people(count: number, role?: string): Promise<readonly SignedIn[]>
  login(email: string): Promise<SignedIn>
}

const adminEmail = 'admin@example.com'

/** Starts our server on a database that may be empty; an administrator is there when this resolves. */
export async function startOurs(
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<OurServer> {
  makeAdmin(directory, environment)
  const server = await startServer(ourCommand(environment), directory)
  try {
    return await furnish(server)
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function furnish(server: StartedServer): Promise<OurServer> {
  const call = caller(server.port)
  const login = async (email: string) =>
    signedIn(await call('POST', '/login/', undefined, { email, password: benchPassword }))
  const admin = await login(adminEmail)
  const addPerson = async (email: string, roles: readonly string[]) => {
    const password = benchPassword
    const person = signedIn(
      await call('POST', '/register/', undefined, { email, password, password2: password }),
    )
    if (roles.length === 0) return person
    await call('PATCH', `/users/${person.id}/`, admin.access, { roles })
    // A token of the sign-in after it holds the role by itself, as most tokens do.
    return login(email)
  }
  return {
    ...server,
    admin,
    call,
    login,
    people: (count, role) =>
      Promise.all(
        Array.from({ length: count }, () =>
          addPerson(`person-${randomUUID()}@example.com`, role === undefined ? [] : [role]),
        ),
      ),
  }
}

/** Another node on the database of a server that runs already. */
export const startSecondNode = (directory: string, environment: Readonly<Record<string, string>>) =>
  startServer(ourCommand(environment), directory)

function makeAdmin(directory: string, environment: Readonly<Record<string, string>>): void {
  if (!existsSync(mainFile)) throw new Error('The server is not built. Run: npm run build')
  execFileSync(process.execPath, [mainFile, 'user', 'create', adminEmail, '--superuser'], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...environment },
    input: `${benchPassword}\n`,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
}

const caller =
  (port: number): OurServer['call'] =>
  async (method, path, token, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/auth${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

function signedIn(answer: unknown): SignedIn {
  const { access, refresh, user } = answer as SignedIn & { user: { id: number; email: string } }
  return { id: user.id, email: user.email, access, refresh }
}
