import assert from 'node:assert/strict'
import { after } from 'node:test'
import { composeServer, type Server } from '../../server/src/compose.ts'
import { loadConfig } from '../../server/src/config/index.ts'
import { type Core, openCore } from '../../server/src/core.ts'
import { demoApis } from '../../server/src/demo/index.ts'
import { type Inject, injectInto } from '../../server/src/http/testing/inject.ts'
import { createPasswordHasher, type PasswordHasher } from '../../server/src/identity/index.ts'
import type { TimeSource, UserId } from '../../server/src/kernel/index.ts'
import type { MailTransport } from '../../server/src/mail/index.ts'
import { type EngineName, migratedDatabaseUrl } from './engines.ts'
import { injectHead, isEndless } from './inject-head.ts'

/** A clock that runs as usual and can be put forward. */
export interface TestClock extends TimeSource {
  /** Time passes. */
  advance(ms: number): void
  /** The wall clock alone is set, forward or back: no time passes. */
  step(ms: number): void
}

export function testClock(): TestClock {
  let passedMs = 0
  let steppedMs = 0
  return {
    nowMs: () => Date.now() + passedMs + steppedMs,
    monotonicMs: () => performance.now() + passedMs,
    advance: ms => {
      passedMs += ms
    },
    step: ms => {
      steppedMs += ms
    },
  }
}

/** Argon2id at its cheapest: the same code, a hundredth of the time. */
export const cheapHasher = () => createPasswordHasher({ memoryKib: 8, passes: 1 })

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number
  readonly body: Body
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent; tests assert what they read.
type Anything = any

export interface Account {
  readonly id: number
  readonly email: string
  readonly password: string
  readonly access: string
  readonly refresh: string
}

interface CallOptions {
  readonly token?: string | undefined
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export interface World {
  readonly server: Server
  readonly core: Core
  readonly clock: TestClock
  /** Every log line so far. */
  readonly log: string[]
  /** Any request at all; `call` is the short way. */
  readonly inject: Inject
  call(method: string, path: string, options?: CallOptions): Promise<Answer<Anything>>
  /** Opens an account through the API and signs it in. */
  register(email?: string): Promise<Account>
  /** Signs in again: another device of the same account. */
  login(account: Pick<Account, 'email' | 'password'>): Promise<Account>
  /** A superuser, signed in. */
  superuser(): Promise<Account>
  /** An account with a role of its own that has exactly these permissions. */
  withPermissions(...permissions: string[]): Promise<Account>

  close(): Promise<void>
}

export const goodPassword = 'correct horse battery staple'

interface WorldOptions {
  readonly engine?: EngineName
  readonly env?: Record<string, string>
  /** An existing database instead of a fresh one: a second node, or a restart. */
  readonly databaseUrl?: string
  readonly clock?: TestClock
  /** Instead of the cheap one: to count or to watch. */
  readonly hasher?: PasswordHasher
  /** Takes the mails instead of a mail server: `createMailCatcher()` of server/src/mail. */
  readonly mail?: MailTransport
  /** Routes beside those of the server and the demo. */
  readonly apis?: NonNullable<Parameters<typeof composeServer>[1]>['apis']
}

const masterKey = Buffer.alloc(32, 7).toString('base64')

/** Behind the back of the API: no caller may do it where there is no superuser. */
export async function makeSuperuser({ clock, transaction }: Core, userId: UserId): Promise<void> {
  const nowMs = clock.nowMs()
  await transaction(async ({ users, changes }) => {
    await users.update(userId, { isSuperuser: true, isStaff: true }, nowMs)
    await changes.append({ kind: 'user_roles', userId, roleIds: [], roles: [], isSuperuser: true }, nowMs)
  })
}

/** A whole server in this process, on a database of its own; closed after the test file. */
export async function testWorld(options: WorldOptions = {}): Promise<World> {
  const { engine = 'sqlite', env = {}, clock = testClock(), hasher = cheapHasher() } = options
  const databaseUrl = options.databaseUrl ?? (await migratedDatabaseUrl(engine))
  const config = loadConfig({
    PROPUSK_DATABASE_URL: databaseUrl,
    PROPUSK_MASTER_KEY: masterKey,
    PROPUSK_PORT: '0',
    ...env,
  })
  const log: string[] = []
  const core = await openCore(config, { clock, hasher, ...(options.mail && { mail: options.mail }) })
  const server = await composeServer(core, {
    logStream: { write: line => void log.push(line) },
    apis: core => [demoApis(core), ...(options.apis?.(core) ?? [])],
  })
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await server.close()
  }
  after(close)
  return { server, core, clock, log, close, ...worldCalls(server) }
}

function worldCalls({ app, core }: Server): Omit<World, 'server' | 'core' | 'clock' | 'log' | 'close'> {
  const inject = injectInto(app)
  let counter = 0
  const unique = () => `${Date.now().toString(36)}-${++counter}`

  const call: World['call'] = async (method, path, { token, body, headers = {} } = {}) => {
    const url = /^\/(?:api|oauth|access\/v1|\.well-known)\//.test(path) ? path : `/api/auth${path}`
    const request = {
      method: method as 'GET',
      url,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    }
    const answer = isEndless(url) ? await injectHead(inject, request) : await inject(request)
    const isJson = /json\b/.test(String(answer.headers['content-type']))
    return {
      status: answer.statusCode,
      headers: answer.headers as Answer['headers'],
      text: answer.payload,
      body: isJson && answer.payload !== '' ? JSON.parse(answer.payload) : {},
    }
  }

  const signedIn = (answer: Answer<Anything>, status: number, password: string): Account => {
    assert.equal(answer.status, status, answer.text)
    const { user, access, refresh } = answer.body
    return { id: user.id, email: user.email, password, access, refresh }
  }

  const login: World['login'] = async ({ email, password }) =>
    signedIn(await call('POST', '/login/', { body: { email, password } }), 200, password)

  const register: World['register'] = async (email = `person-${unique()}@example.com`) => {
    const body = { email, password: goodPassword, password2: goodPassword }
    return signedIn(await call('POST', '/register/', { body }), 201, goodPassword)
  }

  const superuser = async () => {
    const account = await register()
    await makeSuperuser(core, account.id as UserId)
    return await login(account)
  }

  let builder: Account | undefined
  const withPermissions: World['withPermissions'] = async (...permissions) => {
    builder ??= await superuser()
    const account = await register()
    const code = `role-${unique()}`
    const role = await call('POST', '/roles/', {
      token: builder.access,
      body: { name: code, code_name: code, permissions },
    })
    assert.equal(role.status, 201, role.text)
    const user = await call('PATCH', `/users/${account.id}/`, {
      token: builder.access,
      body: { roles: [code] },
    })
    assert.equal(user.status, 200, user.text)
    return await login(account)
  }

  return { inject, call, register, login, superuser, withPermissions }
}
