import assert from 'node:assert/strict'
import { call, password, type SignedIn } from '../../commands/support/api.ts'

const secret = 'seven quiet lamps at noon'

/** Every kind of call that has to store something, each once. The last ones would end what those before them use. */
const writes = ({ access, refresh, user }: SignedIn) =>
  [
    ['POST', '/login/', { body: { email: user.email, password } }],
    ['POST', '/token/refresh/', { body: { refresh } }],
    ['PATCH', '/me/', { token: access, body: { first_name: 'Nobody' } }],
    [
      'POST',
      '/me/password/',
      { token: access, body: { current_password: password, password: secret, password2: secret } },
    ],
    ['POST', '/token/revoke/', { body: { refresh } }],
    ['POST', '/token/revoke_all/', { token: access }],
    ['POST', '/logout/', { token: access }],
    ['DELETE', '/me/', { token: access }],
  ] as const

/** Each is answered 503 in our form, the endings too: a logout that cannot be stored is not acknowledged. */
export async function refusesEveryWrite(url: string, account: SignedIn): Promise<void> {
  for (const [method, path, options] of writes(account)) {
    const { status, body } = await call(url, method, path, options)
    assert.deepEqual([status, body.code], [503, 'unavailable'], `${method} ${path}: ${JSON.stringify(body)}`)
  }
}

/** What is known is still told, and who may do what is still decided. */
export async function readsAndChecks(url: string, { access, user }: SignedIn): Promise<void> {
  const me = await call(url, 'GET', '/me/', { token: access })
  assert.deepEqual([me.status, me.body.email, me.body.first_name], [200, user.email, null])
  const sessions = await call(url, 'GET', '/me/sessions/', { token: access })
  assert.equal(sessions.status, 200)
  const checks = [{ resource: 'users', action: 'read' }]
  const check = await call(url, 'POST', '/access/check/', { token: access, body: { checks } })
  assert.deepEqual([check.status, check.body.results[0].allowed], [200, false])
  assert.equal((await call(url, 'GET', '//.well-known/jwks.json')).status, 200)
  assert.equal((await call(url, 'GET', '//health/ready')).status, 200)
}

/** Registers until the store refuses, which may take a few: the last pages that were taken have room left. */
export async function registerUntilRefused(url: string, name: string): Promise<string[]> {
  const acknowledged: string[] = []
  const attempt = async (email: string): Promise<boolean> => {
    const answer = await call(url, 'POST', '/register/', { body: { email, password, password2: password } })
    if (answer.status === 201) acknowledged.push(email)
    else assert.deepEqual([answer.status, answer.body.code], [503, 'unavailable'])
    return answer.status === 201
  }
  for (let round = 0; round < 50; round++) {
    const emails = [0, 1, 2, 3].map(each => `${name}-${round}-${each}@example.com`)
    const stored = await Promise.all(emails.map(attempt))
    if (stored.includes(false)) return acknowledged
  }
  return assert.fail('200 accounts were stored where there was no space')
}

/** The log as it is for an operator: the sentence that says what is wrong, and no secret. */
export function logExplains(log: string, says: RegExp): void {
  const lines = log.split('\n').filter(line => line.includes('"msg":"request failed"'))
  assert.ok(
    lines.some(line => says.test(line) && JSON.parse(line).level === 'error'),
    lines[0] ?? log,
  )
  for (const word of [password, secret, 'eyJ']) assert.ok(!log.includes(word))
}
