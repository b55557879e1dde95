import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { call, register } from '../../commands/support/api.ts'
import { workplace } from '../../commands/support/propusk.ts'

/** More than may wait and run at the same time. */
const crowd = 500

const noThrottle = {
  PROPUSK_GUESSES_PER_ACCOUNT: 'off',
  PROPUSK_GUESSES_PER_ADDRESS: 'off',
  PROPUSK_GUESSES_PER_PASSWORD: 'off',
}

interface Attempt {
  readonly status: number
  readonly retryAfter: string | null
}

async function attempt(url: string, email: string): Promise<Attempt> {
  const answer = await fetch(`${url}/api/auth/login/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'not the password of anybody' }),
  })
  await answer.text()
  return { status: answer.status, retryAfter: answer.headers.get('retry-after') }
}

/** Attempts of everybody at once, and what access checks and profiles answered until the last one was over. */
async function flood(url: string, token: string) {
  const attempts = Promise.all(
    Array.from({ length: crowd }, (_, index) => attempt(url, `nobody-${index}@example.com`)),
  )
  let over = false
  void attempts.finally(() => {
    over = true
  })
  const meanwhile: number[] = []
  const body = { checks: [{ resource: 'users', action: 'read' }] }
  while (!over) {
    meanwhile.push((await call(url, 'POST', '/access/check/', { token, body })).status)
    meanwhile.push((await call(url, 'GET', '/me/', { token })).status)
  }
  return { attempts: await attempts, meanwhile }
}

describe(`${crowd} logins at once`, () => {
  it('each sign-in of a flood is refused or gets Retry-After, and access checks go on meanwhile', async () => {
    const server = await workplace().start('serve', noThrottle)
    const { access: token } = await register(server.url, 'ann@example.com')
    const { attempts, meanwhile } = await flood(server.url, token)

    assert.deepEqual([...new Set(attempts.map(({ status }) => status))].sort(), [401, 503])
    for (const { status, retryAfter } of attempts) {
      if (status === 503) assert.match(String(retryAfter), /^[1-9]\d?$/)
      else assert.equal(retryAfter, null)
    }
    assert.deepEqual([...new Set(meanwhile)], [200])
    assert(meanwhile.length >= 20, String(meanwhile.length))
    assert.equal((await attempt(server.url, 'nobody@example.com')).status, 401, 'room again')
    assert.equal((await server.stop()).code, 0)
  })

  it('are throttled as well by the defaults, with nothing but 401, 429 and 503', async () => {
    const server = await workplace().start('serve')
    const { access: token } = await register(server.url, 'ann@example.com')
    const { attempts, meanwhile } = await flood(server.url, token)
    for (const { status, retryAfter } of attempts) {
      assert([401, 429, 503].includes(status), String(status))
      if (status !== 401) assert(Number(retryAfter) >= 1, String(retryAfter))
    }
    assert.deepEqual([...new Set(meanwhile)], [200])
    assert.equal((await server.stop()).code, 0)
  })
})
