import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  cookieEnv,
  enter,
  forwardCookieIn,
  forwardCookieName,
} from '../../../test/forward-auth/support/forward-cookie.ts'
import { startProtected } from '../../../test/forward-auth/support/protected-world.ts'
import { rawGet } from '../../../test/forward-auth/support/raw-request.ts'
import { browserHeaders } from '../../../test/support/sample-requests.ts'
import { enrolTotp } from '../../../test/support/totp.ts'
import type { Account, Answer } from '../../../test/support/world.ts'

const page = ['Accept: text/html,*/*', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']

/** The refresh token that an answer leaves in the browser's cookie. */
const refreshOf = ({ headers }: Answer): string | undefined =>
  /__Host-propusk=([^;\n]+)/.exec([headers['set-cookie'] ?? []].flat().join('\n'))?.[1]

describe('a rule of forward-auth that asks how the caller was authenticated', async () => {
  // Access tokens that outlive the age of the rule, so that the age alone refuses.
  const { world, chief, make, port } = await startProtected({ ...cookieEnv, PROPUSK_ACCESS_TTL: '1h' }, [
    { path: '/*', access: 'signed_in' },
    { path: '/vault/*', access: 'signed_in', acr: 'aal2', max_age: 600 },
    { path: '/recent/*', access: 'documents:read', max_age: 600 },
    { path: '/plain/*', access: 'documents:read' },
  ])
  const ask = (proxy: string, uri: string, headers: readonly string[]) =>
    rawGet(port, `/api/auth/access/forward/?proxy=${proxy}`, {
      host: 'app.example.org',
      headers: [
        ...(proxy === 'nginx'
          ? [`X-Original-URI: ${uri}`, 'X-Original-Method: GET']
          : [`X-Forwarded-Uri: ${uri}`, 'X-Forwarded-Method: GET', 'X-Forwarded-Host: app.example.org']),
        ...headers,
      ],
    })
  const bearer = (token: string) => [`Authorization: Bearer ${token}`]
  const headerOf = (text: string, name: string) => new RegExp(`\r\n${name}: ([^\r]*)`, 'i').exec(text)?.[1]
  const raise = async (person: Account): Promise<string> => {
    const app = await enrolTotp(world, person)
    const raised = await world.call('POST', '/me/step_up/', {
      token: person.access,
      body: { totp: app.next() },
    })
    assert.equal(raised.status, 200, raised.text)
    return raised.body.access
  }

  it('answers a token below it with 401 and the challenge of RFC 9470, whoever asks', async () => {
    const person = await world.register()
    for (const proxy of ['nginx', 'caddy', 'traefik']) {
      const { status, text } = await ask(proxy, '/vault/x', [...bearer(person.access), ...page])
      assert.equal(status, 401, proxy)
      const challenge = headerOf(text, 'www-authenticate')!
      assert.match(challenge, /error="insufficient_user_authentication".*acr_values="aal2", max_age="600"/)
      assert.doesNotMatch(text, /\r\nlocation:|x-propusk-sign-in/i)
    }
    assert.equal((await ask('caddy', '/x', bearer(person.access))).status, 200)
    const raised = await raise(person)
    assert.equal((await ask('caddy', '/vault/x', bearer(raised))).status, 200)
    world.clock.advance(601_000)
    assert.equal((await ask('caddy', '/vault/x', bearer(raised))).status, 401)
    assert.equal((await ask('caddy', '/x', bearer(raised))).status, 200)
  })

  it('asks after the permission, and for an age alone what a password satisfies', async () => {
    const reader = await world.withPermissions('documents:read')
    const stranger = await world.register()
    assert.equal((await ask('caddy', '/recent/x', bearer(reader.access))).status, 200)
    world.clock.advance(601_000)
    const late = await ask('caddy', '/recent/x', bearer(reader.access))
    assert.equal(late.status, 401)
    assert.match(headerOf(late.text, 'www-authenticate')!, /max_age="600"/)
    assert.equal((await ask('caddy', '/recent/x', bearer(stranger.access))).status, 403)
    const { body } = await world.call('POST', '/me/step_up/', {
      token: reader.access,
      body: { password: reader.password },
    })
    assert.equal((await ask('caddy', '/recent/x', bearer(body.access))).status, 200)
  })

  it('refuses an API key, which can prove nothing', async () => {
    const fresh = await world.login(chief)
    const { key } = (
      await world.call('POST', '/api_keys/', {
        token: fresh.access,
        body: { name: 'a program', permissions: ['documents:read'] },
      })
    ).body
    assert.equal((await ask('caddy', '/plain/x', bearer(key))).status, 200)
    for (const path of ['/recent/x', '/vault/x'])
      assert.equal((await ask('caddy', path, bearer(key))).status, 403)
  })

  it('leads a browser to the proof, and back once it is given', async () => {
    const person = await world.register()
    // Of another session, which the enrolment raises: this one has shown a password alone.
    const app = await enrolTotp(world, await world.login(person))
    const entered = await enter(world, person.refresh)
    const cookie = `${forwardCookieName}=${forwardCookieIn(entered).value}`
    const asBrowser = (proxy: string, uri: string) => ask(proxy, uri, [`Cookie: ${cookie}`, ...page])
    assert.equal((await asBrowser('caddy', '/x')).status, 200)
    const to = 'https://app.example.org/vault/x'
    const location = `https://auth.example.org/account/forward?to=${encodeURIComponent(to)}`
    const led = await asBrowser('caddy', '/vault/x')
    assert.deepEqual([led.status, headerOf(led.text, 'location')], [302, location])
    const byNginx = await asBrowser('nginx', '/vault/x')
    assert.deepEqual([byNginx.status, headerOf(byNginx.text, 'x-propusk-sign-in')], [401, location])
    const call = await ask('caddy', '/vault/x', [`Cookie: ${cookie}`, 'Accept: application/json'])
    assert.equal(call.status, 401)
    assert.match(headerOf(call.text, 'www-authenticate')!, /acr_values="aal2"/)

    // The page asks to be led back, and is told what is missing; its cookie is exchanged all the same.
    const asked = await enter(world, refreshOf(entered), to)
    assert.deepEqual([asked.status, asked.body.code], [401, 'insufficient_user_authentication'])
    assert.deepEqual([asked.body.acr_values, asked.body.max_age], ['aal2', 600])
    const proved = await world.call('POST', '/browser/step_up/', {
      body: { totp: app.next() },
      headers: browserHeaders(refreshOf(asked)),
    })
    assert.equal(proved.status, 200, proved.text)
    const back = await enter(world, refreshOf(proved), to)
    assert.deepEqual([back.status, back.body.to], [200, to])
    // It is the session that counts: the cookie from before passes now, too.
    assert.equal((await asBrowser('caddy', '/vault/x')).status, 200)
    // To a page whose rule asks for nothing the way is free, whatever the session has shown.
    assert.equal((await enter(world, refreshOf(back))).status, 200)
  })

  it('is what the question says which rule would answer, for a level', async () => {
    const fresh = await world.login(chief)
    const person = await world.register()
    const answer = async (query: string) => {
      const { body } = await world.call(
        'GET',
        `/forward_rules/answer/?host=app.example.org&user_id=${person.id}&${query}`,
        {
          token: fresh.access,
        },
      )
      return [body.status, body.because]
    }
    assert.deepEqual(await answer('path=/vault/x'), [401, 'step_up'])
    assert.deepEqual(await answer('path=/vault/x&acr=aal2'), [200, 'signed_in'])
    assert.deepEqual(await answer('path=/x'), [200, 'signed_in'])
  })

  it('is told what a role asks for, too', async () => {
    const person = await world.register()
    const fresh = await world.login(chief)
    const body = {
      name: 'Guarded',
      code_name: 'guarded',
      permissions: ['documents:read'],
      requires_aal: 'aal2',
    }
    const role = await world.call('POST', '/roles/', { token: fresh.access, body })
    assert.equal(role.status, 201, role.text)
    await world.call('PUT', `/users/${person.id}/roles/guarded/`, { token: fresh.access })
    const low = await ask('caddy', '/plain/x', bearer(person.access))
    assert.equal(low.status, 401)
    assert.match(headerOf(low.text, 'www-authenticate')!, /acr_values="aal2"/)
    assert.equal((await ask('caddy', '/plain/x', bearer(await raise(person)))).status, 200)
  })

  it('is kept and shown, and cannot be public', async () => {
    const { id } = await make('/forward_rules/', {
      host: 'kept.example.org',
      path: '/*',
      access: 'signed_in',
      acr: 'aal2',
    })
    const fresh = await world.login(chief)
    const change = (body: object) =>
      world.call('PATCH', `/forward_rules/${id}/`, { token: fresh.access, body })
    const changed = await change({ max_age: 300 })
    assert.deepEqual([changed.body.acr, changed.body.max_age], ['aal2', 300])
    const cleared = await change({ acr: null })
    assert.deepEqual([cleared.body.acr, cleared.body.max_age], [null, 300])
    const open = await change({ access: 'public' })
    assert.deepEqual([open.status, Object.keys(open.body.errors)], [400, ['max_age']])
    for (const body of [{ acr: 'aal1' }, { max_age: 59 }, { max_age: 1.5 }]) {
      assert.equal((await change(body)).status, 400)
    }
    const { body } = await world.call('GET', '/audit/?action=forward_rule.update', { token: fresh.access })
    assert.deepEqual(body.results[0].details.acr, { from: 'aal2', to: null })
  })
})
