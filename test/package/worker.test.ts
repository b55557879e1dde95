import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { reportMissing } from '../support/report-missing.ts'
import { testWorld } from '../support/world.ts'
import { installLibrary } from './support/installed.ts'
import { compatibilityDates, serveWorker, workerd } from './support/workerd.ts'

const what = 'the packed gate in a worker of Cloudflare'

if (workerd === undefined)
  reportMissing(what, 'workerd is not installed: it is a package for development of this repository')
else
  for (const date of compatibilityDates) {
    describe(`${what}, as of ${date}`, async () => {
      const installed = await installLibrary('gate')
      const port = await freePort()
      const issuer = `http://127.0.0.1:${port}`
      const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: issuer } })
      await world.server.app.listen({ host: '127.0.0.1', port })
      const chief = await world.superuser()
      const body = { name: 'a service', permissions: ['changes:read'] }
      const made = await world.call('POST', '/api_keys/', { token: chief.access, body })
      let worker: Awaited<ReturnType<typeof serveWorker>>
      before(async () => {
        const program = installed.copy('gate-in-worker.js')
        worker = await serveWorker(program, date, { ISSUER: issuer, KEY: made.body.key })
      })
      after(() => worker?.close())
      const ask = async (path: string, token: string) => {
        const answer = await fetch(`${worker.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
        return { status: answer.status, text: await answer.text() }
      }

      it('is live as long as its Durable Object, and refuses there at once', async () => {
        const reader = await world.withPermissions('roles:read')
        assert.deepEqual(await ask('/held', reader.access), {
          status: 200,
          text: JSON.stringify({ id: String(reader.id) }),
        })
        assert.equal((await ask('/held', `${reader.access.slice(0, -4)}AAAA`)).status, 401)
        // Longer than its bound: it has heard from the server between two requests.
        await sleep(5_000)
        assert.equal((await ask('/held', reader.access)).status, 200)
        const change = { token: chief.access, body: { is_active: false } }
        assert.equal((await world.call('PATCH', `/users/${reader.id}/`, change)).status, 200)
        assert.ok(await eventually(async () => (await ask('/held', reader.access)).status === 401))
      })

      it('is stale outside of one after its first request, and refuses or asks the server', async () => {
        const reader = await world.withPermissions('roles:read')
        for (const path of ['/refuse', '/ask']) assert.equal((await ask(path, reader.access)).status, 200)
        await sleep(5_000)
        assert.equal((await ask('/refuse', reader.access)).status, 503)
        assert.equal((await ask('/ask', reader.access)).status, 200)
        assert.equal((await world.call('POST', '/logout/', { token: reader.access })).status, 204)
        assert.equal((await ask('/ask', reader.access)).status, 401)
      })
    })
  }
