import assert from 'node:assert/strict'
import { createServer, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { CheckingGate, RefusalReport } from '../../src/adapters/authorize-request.ts'
import { type TestingGate, type TokenOptions, testingGate } from '../../src/testing.ts'

export const permissions = ['documents:read', 'documents:create', 'documents:delete', 'documents:approve']
export const publicAddress = 'https://api.example.com'

/** How an adapter protects the API of these tests. */
export interface ApiOptions {
  readonly gate: TestingGate
  readonly options: {
    readonly protectedResource: string
    readonly onRefusal: (report: RefusalReport) => void
  }
}

/** Starts the API on loopback; gives its address and what ends it. */
export type StartApi = (api: ApiOptions) => Promise<{ readonly url: string; close(): unknown }>

export async function listen(listener: RequestListener): Promise<{ url: string; close(): unknown }> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.closeAllConnections() ?? server.close() }
}

export const testGate = (): Promise<TestingGate> =>
  testingGate({
    roles: {
      reader: ['documents:read'],
      approver: ['documents:read', 'documents:approve'],
      eraser: ['documents:delete', 'documents:read'],
    },
    aal2Roles: ['eraser'],
    users: {
      anna: { roles: ['reader'] },
      boris: { roles: ['approver'] },
      leaver: { roles: ['reader'] },
      chief: { isSuperuser: true },
      vera: { roles: ['reader', 'eraser'] },
    },
    permissions,
  })

/** Sends two headers of the name, which `fetch` cannot. */
const statusOfTwo = (url: string, token: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const twice = ['Authorization', `Bearer ${token}`, 'Authorization', 'Bearer x']
    const sent = request(url, { headers: ['Host', new URL(url).host, ...twice] })
    sent.on('response', response => resolve(response.resume().statusCode)).on('error', reject)
    sent.end()
  })

/** What the API asks for where a document is published. */
export const publishing = { action: 'approve', stepUp: { acr: 'aal2', maxAgeSeconds: 600 } } as const

const knownTitles = {
  not_authenticated: 'Not signed in',
  invalid_token: 'Token is no longer valid',
  insufficient_user_authentication: 'A newer sign-in is needed',
  permission_denied: 'Not permitted',
  unavailable: 'Unavailable',
}

/**
 * What holds for every adapter. The API has `GET` and `POST /documents/1`, which answer with the principal and with what it
 * may do by now; `POST /documents/1/approve`, whose action is `approve`; and `POST /documents/1/publish`, which asks for what
 * `publishing` says.
 */
export function protects(start: StartApi): void {
  let gate: TestingGate
  let api: Awaited<ReturnType<StartApi>>
  const reports: RefusalReport[] = []
  before(async () => {
    gate = await testGate()
    const onRefusal = (report: RefusalReport) => void reports.push(report)
    api = await start({ gate, options: { protectedResource: publicAddress, onRefusal } })
  })
  after(() => api.close())
  const call = (path: string, { token, ...init }: RequestInit & { readonly token?: string } = {}) =>
    fetch(`${api.url}${path}`, {
      ...init,
      headers: { ...init.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    })

  async function assertProblem(response: Response, status: number, code: keyof typeof knownTitles) {
    assert.equal(response.status, status)
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const problem = (await response.json()) as Record<string, string>
    assert.deepEqual(
      [problem.type, problem.title, problem.status, problem.code],
      [`urn:propusk:problem:${code}`, knownTitles[code], status, code],
    )
    assert.equal(reports.at(-1)?.instance, problem.instance)
    assert.equal(reports.at(-1)?.status, status)
    return { challenge: response.headers.get('www-authenticate'), detail: problem.detail, problem }
  }

  const metadata = `resource_metadata="${publicAddress}/.well-known/oauth-protected-resource"`

  it('gives the handler a principal that answers for itself', async () => {
    const response = await call('/documents/1', { token: await gate.tokenOf('anna') })
    assert.equal(response.status, 200)
    const { session, ...who } = (await response.json()) as Record<string, unknown>
    assert.match(String(session), /^[0-9a-f]{8}-/)
    assert.deepEqual(who, {
      id: '1',
      roles: ['reader'],
      isSuperuser: false,
      mayRead: true,
      mayApprove: false,
    })
  })

  it('answers 401 without a token, and says no error (RFC 6750 section 3.1)', async () => {
    for (const authorization of [undefined, '', 'Bearer', 'Bearer  x', 'Basic YTpi', 'Bearer a b']) {
      const init = authorization === undefined ? {} : { headers: { authorization } }
      const { challenge } = await assertProblem(await call('/documents/1', init), 401, 'not_authenticated')
      assert.equal(challenge, `Bearer realm="propusk", ${metadata}`)
    }
  })

  it('answers 401 to two Authorization headers, of which Node shows one', async () => {
    assert.equal(await statusOfTwo(`${api.url}/documents/1`, await gate.tokenOf('anna')), 401)
  })

  it('takes the scheme in any case', async () => {
    const headers = { authorization: `bEARER ${await gate.tokenOf('anna')}` }
    assert.equal((await call('/documents/1', { headers })).status, 200)
  })

  it('answers 401 with invalid_token to a token that is altered, expired or of an ended session', async () => {
    const token = await gate.tokenOf('leaver')
    assert.equal((await call('/documents/1', { token })).status, 200)
    gate.logOut('leaver')
    for (const wrong of [
      token,
      `${token.slice(0, -4)}AAAA`,
      await gate.tokenOf('anna', { isExpired: true }),
    ]) {
      const response = await call('/documents/1', { token: wrong })
      const { challenge } = await assertProblem(response, 401, 'invalid_token')
      assert.match(challenge!, /^Bearer realm="propusk", error="invalid_token", error_description="[^"]+", /)
      assert.ok(challenge!.endsWith(metadata))
    }
  })

  it('takes no API key, and says so', async () => {
    const response = await call('/documents/1', { token: 'propusk_0123456789_secret' })
    assert.match((await assertProblem(response, 401, 'invalid_token')).detail!, /API key/)
  })

  it('answers 403 with insufficient_scope, and names the permission', async () => {
    const response = await call('/documents/1', { method: 'POST', token: await gate.tokenOf('anna') })
    const { challenge, detail } = await assertProblem(response, 403, 'permission_denied')
    assert.equal(challenge, `Bearer realm="propusk", error="insufficient_scope", ${metadata}`)
    assert.equal(detail, 'You need the permission documents:create.')
    assert.deepEqual(reports.at(-1)?.because, [{ missing: 'documents:create' }])
  })

  it('reads the action from the route where it says one', async () => {
    const approve = async (user: string) => {
      const token = await gate.tokenOf(user)
      return (await call('/documents/1/approve', { method: 'POST', token })).status
    }
    assert.deepEqual([await approve('anna'), await approve('boris'), await approve('chief')], [403, 200, 200])
  })

  describe('where a route asks for a step-up (RFC 9470)', () => {
    const publish = async (user: string, options?: TokenOptions) =>
      call('/documents/1/publish', { method: 'POST', token: await gate.tokenOf(user, options) })

    it('lets pass who proved it strongly and recently enough', async () => {
      const answer = await publish('boris', { acr: 'aal2', authenticatedSecondsAgo: 590 })
      assert.equal(answer.status, 200)
    })

    for (const [why, options] of [
      ['one factor', {}],
      ['two factors eleven minutes ago', { acr: 'aal2', authenticatedSecondsAgo: 660 }],
    ] as const) {
      it(`answers 401 to ${why}, and says what would be enough`, async () => {
        const code = 'insufficient_user_authentication'
        const { challenge, problem } = await assertProblem(await publish('boris', options), 401, code)
        const [begin, end] = challenge!.split(
          ', error_description="A stronger or a more recent authentication is needed", ',
        )
        assert.equal(begin, `Bearer realm="propusk", error="${code}"`)
        assert.equal(end, `acr_values="aal2", max_age="600", ${metadata}`)
        assert.deepEqual([problem.acr_values, problem.max_age], ['aal2', 600])
        assert.deepEqual(reports.at(-1)?.because, [{ stepUp: publishing.stepUp }])
      })
    }

    it('answers 403 first: who may not do it need prove nothing', async () => {
      await assertProblem(await publish('anna'), 403, 'permission_denied')
    })

    it('asks a superuser, too', async () => {
      assert.deepEqual(
        [(await publish('chief')).status, (await publish('chief', { acr: 'aal2' })).status],
        [401, 200],
      )
    })

    it('answers 401 where only a role that asks for a second factor would allow it', async () => {
      const remove = async (options?: TokenOptions) =>
        call('/documents/2', { method: 'DELETE', token: await gate.tokenOf('vera', options) })
      const { challenge, problem } = await assertProblem(
        await remove(),
        401,
        'insufficient_user_authentication',
      )
      assert.ok(challenge!.includes('acr_values="aal2"') && !challenge!.includes('max_age'))
      assert.deepEqual([problem.acr_values, problem.max_age], ['aal2', undefined])
      const by = { role: 'eraser', permission: 'documents:delete' }
      assert.deepEqual(reports.at(-1)?.because, [{ stepUp: { acr: 'aal2' } }, { requires_aal: 'aal2', by }])
      assert.equal((await remove({ acr: 'aal2' })).status, 200)
      // What another role of the same person permits needs no factor.
      assert.equal((await call('/documents/2', { token: await gate.tokenOf('vera') })).status, 200)
    })
  })

  it('answers HEAD as GET', async () => {
    const head = async (token?: string) =>
      (await call('/documents/1', { method: 'HEAD', ...(token !== undefined && { token }) })).status
    assert.deepEqual([await head(), await head(await gate.tokenOf('anna'))], [401, 200])
  })

  it('answers 503 with Retry-After while the gate cannot know', async () => {
    const token = await gate.tokenOf('chief')
    gate.setStale()
    const response = await call('/documents/1', { token })
    gate.setLive()
    assert.equal(response.headers.get('retry-after'), '1')
    assert.equal((await assertProblem(response, 503, 'unavailable')).challenge, null)
    assert.equal((await call('/documents/1', { token })).status, 200)
  })

  it('serves the metadata of RFC 9728 to anybody', async () => {
    const response = await call('/.well-known/oauth-protected-resource')
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.deepEqual(await response.json(), {
      resource: publicAddress,
      authorization_servers: [gate.issuer],
      bearer_methods_supported: ['header'],
    })
  })
}

/** What the routes of the API answer with. */
export const shown = ({ id, session, roles, isSuperuser, may }: Shown) => ({
  id,
  session,
  roles,
  isSuperuser,
  mayRead: may('documents', 'read'),
  mayApprove: may('documents', 'approve'),
})

type Shown = Extract<Awaited<ReturnType<CheckingGate['check']>>, { allowed: true }>['principal']
