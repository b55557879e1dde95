import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freshDatabaseUrl } from '../support/engines.ts'
import { call, login, password, refusedWithinASecond, register } from './support/api.ts'
import { type Propusk, workplace } from './support/propusk.ts'
import { slowRequest } from './support/slow-request.ts'

/** The line on which the link of the first superuser stands. */
const linkPattern = /^ {2}(http:\/\/\S+\/console\/setup\/#token=[\w-]{43})$/m

describe('serve', () => {
  it('migrates an empty database, takes a free port, and says how to make the first superuser', async () => {
    const server = await workplace().start()
    await server.says(/npm run cli -- user create \S+ --superuser/)
    assert.match(server.out(), linkPattern)
    assert.notEqual(new URL(server.url).port, '0')
    assert.equal((await call(server.url, 'GET', '//health/ready')).status, 200)
    await register(server.url, 'ann@example.org')
    assert.equal((await server.stop()).code, 0)
  })

  it('says nothing of a first superuser once there is one', async () => {
    const place = workplace()
    assert.equal((await place.run('user create ann@example.org --superuser', password)).code, 0)
    const server = await place.start()
    await login(server.url, 'ann@example.org')
    const { out, err } = await server.stop()
    assert.doesNotMatch(out + err, /user create|setup/)
  })

  it('prints a link to the port that it took, another at each start, also beside ordinary accounts', async () => {
    const place = workplace()
    const links: URL[] = []
    for (let start = 0; start < 2; start++) {
      const server = await place.start()
      await server.says(/or with this command/)
      const link = new URL(linkPattern.exec(server.out())?.[1] ?? '')
      assert.equal(link.origin, `http://localhost:${new URL(server.url).port}`)
      links.push(link)
      if (start === 0) await register(server.url, 'ann@example.org')
      // The log is beside it on standard output, and never holds it.
      const { out } = await server.stop()
      const logged = out.split('\n').filter(line => line.startsWith('{'))
      assert.ok(logged.length > 0)
      assert.ok(!logged.join('').includes(link.hash.slice('#token='.length)))
    }
    assert.notEqual(links[0]!.hash, links[1]!.hash)
  })

  it('does not start where the database takes no writes, and says so', async () => {
    const url = new URL(await freshDatabaseUrl('postgres'))
    const key = { PROPUSK_MASTER_KEY: Buffer.alloc(32, 9).toString('base64') }
    const writable = await workplace({ PROPUSK_DATABASE_URL: url.href }).start('serve', key)
    assert.equal((await writable.stop()).code, 0)
    const options = `${url.searchParams.get('options') ?? ''} -c default_transaction_read_only=on`
    url.searchParams.set('options', options)
    const readOnly = workplace({ PROPUSK_DATABASE_URL: url.href })
    await assert.rejects(
      readOnly.start('serve', key),
      /PostgreSQL only reads.*default_transaction_read_only is on/,
    )
  })

  it('prints a link to the public URL where one is set', async () => {
    const server = await workplace().start('serve', { PROPUSK_PUBLIC_URL: 'https://id.example.org/sso/' })
    await server.says(/or with this command/)
    assert.match(server.out(), /^ {2}https:\/\/id\.example\.org\/sso\/console\/setup\/#token=[\w-]{43}$/m)
    assert.equal((await server.stop()).code, 0)
  })

  it('propusk serve prints its port even when the log is off', async () => {
    const place = workplace()
    assert.equal((await place.run('user create ann@example.org --superuser', password)).code, 0)
    const server = await place.start('serve', { PROPUSK_LOG_LEVEL: 'silent' })
    assert.equal((await call(server.url, 'GET', '//health/live')).status, 200)
    assert.equal((await server.stop()).out, `Server listening at ${server.url}\n`)
  })

  it('reads a .env file, and the environment wins', async () => {
    const place = workplace()
    writeFileSync(
      join(place.directory, '.env'),
      'PROPUSK_REGISTRATION=closed\nPROPUSK_DOCS=off\nPROPUSK_DATABASE_URL=sqlite:./elsewhere/own.db\n',
    )
    const server = await place.start('serve', { PROPUSK_DOCS: 'on' })
    const body = { email: 'ann@example.org', password, password2: password }
    const refused = await call(server.url, 'POST', '/register/', { body })
    assert.deepEqual([refused.status, refused.body.code], [403, 'registration_closed'])
    assert.equal((await call(server.url, 'GET', '//openapi.json')).status, 200)
    assert.equal((await server.stop()).code, 0)
    assert.match((await place.run('doctor')).out, /^ok {5}signing keys$/m)
  })

  it('warns of a setting that does not exist', async () => {
    const server = await workplace().start('serve', { PROPUSK_PROT: '80' })
    assert.match((await server.stop()).err, /PROPUSK_PROT .+Did you mean PROPUSK_PORT\?/)
  })

  for (const command of ['serve', 'demo']) {
    it(`says in one line that the port is in use, when started as ${command}, and ends with 1`, async () => {
      const other = createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      const address = other.address()
      assert.ok(typeof address === 'object' && address !== null)
      const { code, err } = await workplace().run(command, '', { PROPUSK_PORT: String(address.port) })
      other.close()
      assert.equal(code, 1)
      assert.match(err, /^propusk: Port \d+ on 127\.0\.0\.1 is in use.*PROPUSK_PORT=.*\n$/)
    })
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`finishes what is under way on ${signal}, takes nothing new, and ends with 0`, async () => {
      const server = await workplace().start()
      const { user } = await register(server.url, 'ann@example.org')
      const request = await slowRequest(server.url, '/api/auth/login/', { email: user.email, password })
      server.kill(signal)
      await server.says(/stopping/)
      await assert.rejects(fetch(`${server.url}/health/live`))
      const answer = await request.finish()
      assert.match(answer, /^HTTP\/1\.1 200 /)
      assert.match(answer, /"refresh":"/)
      const { code, err } = await server.ended()
      assert.deepEqual([code, err.includes('Error')], [0, false])
    })
  }

  it('propusk serve ends with 0 when it gets SIGTERM the moment it listens', async () => {
    const place = workplace()
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = await place.start()
      assert.deepEqual((await server.stop(signal)).code, 0)
    }
  })

  it('outlives the reader of its log', async () => {
    const server = await workplace().start()
    server.closePipes()
    for (let count = 0; count < 3; count++) {
      assert.equal((await call(server.url, 'GET', '//health/live')).status, 200)
    }
    assert.equal((await server.stop()).code, 0)
  })

  it('stops while clients keep idle connections', async () => {
    const server = await workplace().start()
    await Promise.all(Array.from({ length: 5 }, () => call(server.url, 'GET', '//health/live')))
    assert.equal((await server.stop()).code, 0)
  })

  it('works on PostgreSQL, which alone demands a master key', async () => {
    const place = workplace({ PROPUSK_DATABASE_URL: await freshDatabaseUrl('postgres') })
    const refused = await place.run('serve')
    assert.equal(refused.code, 1)
    assert.match(refused.err, /PROPUSK_MASTER_KEY is missing/)

    const key = { PROPUSK_MASTER_KEY: Buffer.alloc(32, 9).toString('base64') }
    const servers: Propusk[] = await Promise.all([place.start('serve', key), place.start('serve', key)])
    const [first, second] = servers.map(server => server.url) as [string, string]
    const { access } = await register(first, 'ann@example.org')
    assert.equal((await call(second, 'GET', '/me/', { token: access })).status, 200)
    assert.equal((await place.run('user deactivate ann@example.org', '', key)).code, 0)
    for (const url of [first, second]) await refusedWithinASecond(url, access)
    assert.equal((await place.run('doctor', '', key)).code, 0)
    for (const server of servers) assert.equal((await server.stop()).code, 0)
  })
})
