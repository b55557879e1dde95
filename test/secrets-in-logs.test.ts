import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browserHeaders } from './support/sample-requests.ts'
import { printToken } from './support/setup-link.ts'
import { cheapHasher, goodPassword, testWorld, type World } from './support/world.ts'

/** Remembers every password, token and hash that passes, and what the server answered beside the bodies. */
async function watchedRun() {
  const secrets = new Set<string>()
  const note = (secret: unknown) => {
    assert.ok(typeof secret === 'string' && secret.length >= 8, 'too short to look for')
    secrets.add(secret)
    return secret
  }
  const hasher = cheapHasher()
  const world = await testWorld({
    env: { PROPUSK_LOG_LEVEL: 'trace' },
    hasher: {
      ...hasher,
      hash: async presented => note(await hasher.hash(presented)),
      verify: (presented, stored) => hasher.verify(presented, note(stored)),
    },
  })
  const outside: string[] = []
  const call: World['call'] = async (...given) => {
    const answer = await world.call(...given)
    outside.push(...Object.entries(answer.headers).map(header => header.join(': ')))
    for (const token of [answer.body.access, answer.body.refresh]) if (token) note(token)
    return answer
  }
  return { world, call, note, secrets, outside }
}

/** A link that the server printed, right and spoilt, in its place and in others. */
async function setup({ call, note, world }: Run) {
  const token = note(await printToken(world))
  const spoilt = note(`${token.slice(0, -1)}_`)
  const password = note('a kettle, an owl, a lantern')
  const account = { email: 'first@example.com', password, password2: password }
  const headers = browserHeaders()
  const make = (body: unknown) => call('POST', '/setup/', { body, headers })
  await call('GET', `/setup/?token=${token}`)
  for (const presented of [spoilt, [token], token]) {
    await call('POST', '/setup/check/', { body: { token: presented } })
    await make({ token: presented, ...account, password: 'password' })
  }
  await make({ ...account, tokn: token })
  // The cookie is the one header that is to hold a token.
  const made = await world.call('POST', '/setup/', { body: { token, ...account }, headers })
  assert.equal(made.status, 201, made.text)
  note(made.body.access)
  await make({ token, ...account })
}

type Run = Awaited<ReturnType<typeof watchedRun>>

async function signIns({ call, note }: Run) {
  const email = 'anna.petrova@example.com'
  const password = note('an owl, a spoon, a lantern')
  const mistyped = note('an owl, a spoon, a lanternn')
  const register = (second: string) =>
    call('POST', '/register/', { body: { email, password, password2: second } })
  await register(mistyped)
  const { access, refresh } = (await register(password)).body
  await register(password)
  await call('POST', '/register/', { body: { email, password: [password], password2: { password } } })
  await call('POST', '/register/', { body: { email, password, password2: password, passwort: password } })
  await call('POST', '/login/', { body: { email, password: mistyped } })
  await call('POST', '/login/', {
    body: { email: 'nobody@example.com', password: note('a password of nobody') },
  })
  await call('POST', '/login/', { body: { email: password, password } })
  await call('POST', '/login/', { body: `{"email":"${email}","password":"${password}` })
  await call('POST', '/login/', { body: `email=${email}&password=${password}` })
  await call('POST', '/login/', { body: { email, password } })
  return { access, refresh, email, password }
}

async function refreshes({ call, note, world }: Run, first: { access: string; refresh: string }) {
  const refresh = (token: unknown) => call('POST', '/token/refresh/', { body: { refresh: token } })
  const next = (await refresh(first.refresh)).body
  await refresh([next.refresh])
  await refresh(note(`${next.refresh}x`))
  await refresh(note(next.refresh.slice(0, -3)))
  await refresh(next.access)
  world.clock.advance(11_000)
  await refresh(first.refresh)
  await refresh(next.refresh)
  await call('POST', '/token/revoke/', { body: { refresh: next.refresh } })
  await call('POST', '/token/revoke/', { body: { token: next.refresh } })
}

async function mistakes({ call, note }: Run, token: string, refresh: string) {
  // What people put in the wrong place: a query, a path, another header, another scheme.
  for (const [name, value] of Object.entries({ access_token: token, token, refresh })) {
    await call('GET', `/me/?${name}=${value}`)
    await call('GET', `/me/?${name}=${value}`, { token })
  }
  await call('GET', `/users/${token}/`, { token })
  await call('GET', `/${token}/`)
  const inQuery = note('typed-into-the-address-bar')
  await call('POST', `/login/?password=${inQuery}`, { body: { email: 'a@example.com', password: inQuery } })
  await call('GET', `/nowhere/?password=${inQuery}#${inQuery}`)
  await call('GET', `/.well-known/${refresh}`)
  await call('DELETE', `/me/sessions/${token}/`, { token })
  await call('GET', '/me/', { headers: { authorization: token } })
  await call('GET', '/me/', {
    headers: { authorization: `Basic ${note(Buffer.from(`a:${token}`).toString('base64'))}` },
  })
  await call('GET', '/me/', {
    headers: { cookie: `session=${token}`, referer: `http://localhost/?t=${token}` },
  })
  await call('GET', '/me/', { headers: { 'user-agent': `curl ${token}` } })
  for (const spoilt of [`${token}x`, token.slice(0, -5), token.toUpperCase(), token.replace('.', '..')]) {
    await call('GET', '/me/', { token: note(spoilt) })
  }
  await call('POST', `/token/revoke_all/${token}/`, { token })
  await call('GET', `/audit/?target=${refresh}`, { token })
}

async function passwordChanges({ call, note }: Run, email: string, password: string) {
  const token = (await call('POST', '/login/', { body: { email, password } })).body.access
  const next = note('a lantern, an owl, a kettle')
  const change = (current_password: string, second = next) =>
    call('POST', '/me/password/', { token, body: { current_password, password: next, password2: second } })
  await change(note('not my password today'))
  await change(password, note('a lantern, an owl, a kettel'))
  await call('POST', '/me/password/', {
    token,
    body: { current_password: password, password: note('password123'), password2: 'password123' },
  })
  assert.equal((await change(password)).status, 204)
  assert.equal((await call('POST', '/login/', { body: { email, password: next } })).status, 200)
  await call('POST', '/logout/', { token })
}

async function administration({ call, note, world }: Run) {
  note(goodPassword)
  const { access } = await world.superuser()
  note(access)
  const created = await call('POST', '/users/', {
    token: access,
    body: { email: 'boris@example.com', password: note('a first password, for Boris') },
  })
  assert.equal(created.status, 201)
  const path = `/users/${created.body.id}/`
  const body = { password: note('set by an administrator') }
  assert.equal((await call('PATCH', path, { token: access, body })).status, 400)
  await call('PATCH', path, { token: access, body: { first_name: 'Борис' } })
  await call('GET', '/users/', { token: access })
  await call('GET', '/audit/?limit=200', { token: access })
  await call('DELETE', path, { token: access })
  await world.server.keys.signAtOnce()
}

/** A fault of ours: the database has lost a table, and each call that needs it fails. */
async function faults({ call, world }: Run, password: string) {
  const { access } = await world.superuser()
  await world.core.database.transaction(async trx => {
    await trx.schema.alterTable('refresh_tokens').renameTo('lost').execute()
  })
  const body = { email: 'vera@example.com', password, password2: password }
  const failed = await call('POST', '/register/', { body })
  assert.equal(failed.status, 500)
  assert.equal(failed.body.code, 'internal_error')
  assert.doesNotMatch(failed.text, /refresh_tokens|sqlite|select|insert/i)
  await world.core.database.transaction(async trx => {
    await trx.schema.alterTable('lost').renameTo('refresh_tokens').execute()
  })
  assert.equal((await call('GET', '/me/', { token: access })).status, 200)
}

describe('no password, token, hash or key', async () => {
  const run = await watchedRun()
  const { world, secrets } = run
  await setup(run)
  const person = await signIns(run)
  await mistakes(run, person.access, person.refresh)
  await refreshes(run, person)
  await passwordChanges(run, person.email, person.password)
  await administration(run)
  await faults(run, person.password)
  for (const key of await world.core.stores.keys.list()) secrets.add(key.privateEncrypted)
  secrets.add(Buffer.from(world.server.keys.masterKey).toString('base64'))
  secrets.add(Buffer.from(world.server.keys.masterKey).toString('base64url'))

  /** A signature alone is of no use, but whoever can cut a token there has had it all. */
  const parts = [...secrets].flatMap(secret => {
    const segments = secret.startsWith('eyJ') ? secret.split('.').filter(part => part.length > 60) : []
    return [secret, ...segments]
  })
  const assertClean = (texts: readonly string[]) => {
    for (const text of texts) {
      const found = parts.find(part => text.includes(part))
      if (found !== undefined) assert.fail(text.replaceAll(found, '«HERE»').slice(0, 500))
    }
  }

  it('was forgotten by this test', () => {
    assert.ok(secrets.size > 30, String(secrets.size))
    assert.ok(world.log.length > 50, String(world.log.length))
    assert.ok(
      world.log.some(line => line.includes('"level":"error"')),
      'the fault is told',
    )
  })

  it('reaches a line of the log', () => assertClean(world.log))

  it('reaches a log line in pieces that look like a token', () => {
    for (const line of world.log) assert.doesNotMatch(line, /eyJ[\w-]{10}|\$argon2|PRIVATE KEY|Bearer ey/)
  })

  it('reaches the audit', async () => {
    const rows = await world.core.database.read.selectFrom('audit_events').selectAll().execute()
    assert.ok(rows.length > 15)
    // What a caller writes into User-Agent is kept as it is, as with any session: nobody else can put a secret there.
    assertClean(rows.map(row => JSON.stringify({ ...row, user_agent: '' })))
  })

  it('reaches a header of an answer', () => assertClean(run.outside))

  it('lies in the database as it was given, but for a hash or sealed', async () => {
    const given = [...secrets].filter(secret => !secret.startsWith('$argon2'))
    const encrypted = new Set((await world.core.stores.keys.list()).map(key => key.privateEncrypted))
    for (const table of ['users', 'refresh_tokens', 'changes', 'signing_keys'] as const) {
      const text = JSON.stringify(await world.core.database.read.selectFrom(table).selectAll().execute())
      for (const secret of given) assert.ok(encrypted.has(secret) || !text.includes(secret), table)
    }
  })

  it('is on the metrics page', async () => {
    assertClean([(await world.inject({ url: '/metrics' })).payload])
  })
})
