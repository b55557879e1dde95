import assert from 'node:assert/strict'
import { type ChildProcessByStdio, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { loadConfig, readEnvFile } from '../../server/src/config/index.ts'
import { type Propusk, workplace } from '../commands/support/propusk.ts'
import { freePort } from '../support/free-port.ts'
import { reportMissing } from '../support/report-missing.ts'
import {
  type Anything,
  assertSettings,
  deployPath,
  isInstalled,
  port,
  readDeploy,
  readYaml,
  serverVersion,
} from './support/deploy.ts'

const compose = readYaml('compose/compose.yaml')
const { proxy, server, database } = compose.services as Record<string, Anything>
const domain = 'auth.example.org'

/** A text with `${DOMAIN}` and its like filled in, as Compose does. */
const filled = (text: string): string => text.replaceAll(/\$\{DOMAIN[^}]*\}/g, domain)

const folder = mkdtempSync(join(tmpdir(), 'propusk-compose-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const secret = (name: string) => join(folder, compose.secrets[name].file)

function makeSecrets(): void {
  cpSync(deployPath('compose/make-secrets.sh'), join(folder, 'make-secrets.sh'))
  execFileSync(join(folder, 'make-secrets.sh'), { stdio: 'pipe' })
}

describe('the services of Compose', () => {
  it('publish the ports of the proxy and no other', () => {
    const published = Object.entries<Anything>(compose.services).filter(
      ([, { ports }]) => ports !== undefined,
    )
    assert.deepEqual(
      published.map(([name]) => name),
      ['proxy'],
    )
    assert.deepEqual(proxy.ports, ['80:80', '443:443', '443:443/udp'])
  })

  for (const [name, service] of Object.entries<Anything>(compose.services)) {
    it(`confine ${name}, and know when it is healthy`, () => {
      assert.equal(service.read_only, true)
      assert.deepEqual(service.cap_drop, ['ALL'])
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'])
      assert.equal(service.healthcheck.test[0], 'CMD')
      assert.equal(service.privileged ?? service.network_mode ?? service.pid, undefined)
    })
  }

  it('lead from outside to the proxy, from the proxy to the server, and from the server to the database', () => {
    assert.deepEqual(Object.keys(proxy.networks), ['public', 'front'])
    assert.deepEqual(server.networks, ['front', 'back'])
    assert.deepEqual(database.networks, ['back'])
    assert.deepEqual([compose.networks.front.internal, compose.networks.back.internal], [true, true])
    assert.equal(proxy.depends_on.server.condition, 'service_healthy')
    assert.equal(server.depends_on.database.condition, 'service_healthy')
  })

  it('keep what must outlive a container where its image writes it, and every volume is used', () => {
    // From 18 on: a volume at /var/lib/postgresql/data would stay empty, and the data would go with the container.
    assert.match(database.image, /^postgres:18\b/)
    assert.deepEqual(database.volumes, ['database:/var/lib/postgresql'])
    assert.ok(proxy.volumes.includes('certificates:/data'))
    assert.deepEqual(Object.keys(compose.volumes).toSorted(), ['certificates', 'database'])
  })

  it('run the image of this version as the user that it is made for', () => {
    assert.equal(server.image, `\${IMAGE:-propusk:${serverVersion}}`)
    assert.equal(server.user, '65532:65532')
    assert.deepEqual([server.volumes, server.tmpfs], [undefined, undefined])
    assert.ok(Number.parseInt(server.stop_grace_period, 10) > 10)
  })
})

describe('the secrets of Compose', () => {
  before(makeSecrets)

  it('are files in a folder of their owner, readable in a container', () => {
    assert.equal(statSync(join(folder, 'secrets')).mode & 0o777, 0o700)
    for (const name of Object.keys(compose.secrets)) assert.equal(statSync(secret(name)).mode & 0o777, 0o444)
  })

  it('are not made anew over those that a database was made with', () => {
    const made = readFileSync(secret('database'), 'utf8')
    assert.throws(() => execFileSync(join(folder, 'make-secrets.sh'), { stdio: 'pipe' }))
    assert.equal(readFileSync(secret('database'), 'utf8'), made)
  })

  it('are no variables of a container and in no file of the repository', () => {
    for (const { environment = {} } of Object.values<Anything>(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        assert.doesNotMatch(name, /MASTER_KEY|DATABASE_URL|PASSWORD$/)
        assert.doesNotMatch(String(value), /postgres:\/\//)
      }
    }
    const ignored = readFileSync(new URL('../../.gitignore', import.meta.url), 'utf8').split('\n')
    assert.ok(ignored.includes('deploy/compose/secrets/'))
  })

  it('are read by the server from the directory where it starts, and by the database', () => {
    assert.deepEqual(server.secrets, [{ source: 'server', target: '.env' }])
    assert.equal(server.working_dir, '/run/secrets')
    assert.deepEqual(database.secrets, ['database'])
    assert.equal(database.environment.POSTGRES_PASSWORD_FILE, '/run/secrets/database')
  })

  it('and the environment make settings that the server takes, of the same database and the same proxy', () => {
    const environment: Record<string, string> = Object.fromEntries(
      Object.entries<string>(server.environment).map(([name, value]) => [name, filled(value)]),
    )
    const secrets = readEnvFile(secret('server'))
    assertSettings([...Object.keys(environment), ...Object.keys(secrets)])
    const config = loadConfig({ ...secrets, ...environment })
    assert.deepEqual(config.warnings, [])
    assert.deepEqual([config.host, config.port], ['0.0.0.0', port])
    assert.equal(config.publicUrl, `https://${domain}`)
    assert.ok(config.masterKey)
    const { username, password, hostname, pathname } = new URL(secrets.PROPUSK_DATABASE_URL!)
    assert.deepEqual(
      [username, hostname, pathname],
      [database.environment.POSTGRES_USER, 'database', `/${database.environment.POSTGRES_DB}`],
    )
    assert.equal(password, readFileSync(secret('database'), 'utf8'))
    assert.equal(environment.PROPUSK_TRUST_PROXY, proxy.networks.front.ipv4_address)
  })
})

describe('the health check of the server', () => {
  const [, program, ...args] = server.healthcheck.test as string[]
  const check = (address: string) =>
    promisify(execFile)(
      process.execPath,
      args.map(text => text.replace(`http://127.0.0.1:${port}`, address)),
    )

  it('asks with the Node.js of the image', () => assert.deepEqual([program, args[0]], ['node', '--eval']))

  it('succeeds while the server is ready, and fails when nothing answers', async () => {
    const started = await workplace().start('serve')
    await check(started.url)
    await started.stop()
    await assert.rejects(check(started.url), { code: 1 })
  })
})

describe('the proxy of Compose', () => {
  const caddyfile = readDeploy('compose/Caddyfile')

  it('passes on to the port of the server, and answers its own health check', () => {
    assert.match(caddyfile, new RegExp(`reverse_proxy server:${port} `))
    const address = /^http:\/\/127\.0\.0\.1:\d+/m.exec(caddyfile)?.[0]
    assert.equal(proxy.healthcheck.test.at(-1), `${address}/`)
    assert.ok(proxy.volumes.includes('./Caddyfile:/etc/caddy/Caddyfile:ro'))
  })

  const title =
    'tells the server the address of its client, whatever the client says, and passes paths on unchanged'
  if (!isInstalled('caddy', 'version')) {
    reportMissing(title, 'Caddy is not installed: it is in the package caddy of Debian')
    return
  }

  let backend: Propusk
  before(async () => {
    backend = await workplace().start('serve', { PROPUSK_TRUST_PROXY: '127.0.0.1' })
  })
  after(async () => {
    await backend.stop()
  })

  it(title, async () => {
    const home = mkdtempSync(join(tmpdir(), 'propusk-caddy-'))
    after(() => rmSync(home, { recursive: true, force: true }))
    const [outside, inside] = [await freePort(), await freePort()]
    const site = `http://127.0.0.1:${outside}`
    const configuration = caddyfile
      .replace(`server:${port}`, new URL(backend.url).host)
      .replace('127.0.0.1:2020', `127.0.0.1:${inside}`)
    const env = { ...process.env, DOMAIN: site, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home }
    const caddy = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', '-'], {
      env,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    try {
      caddy.stdin.end(configuration)
      await untilAnswered(`http://127.0.0.1:${inside}/`, caddy)
      const headers = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' }
      // Of two segments: what a path that no route has says after its second one is not logged.
      for (const path of ['/api/%2e%2e', '//a%2Fb;c']) {
        assert.equal(await statusOf(outside, path, headers), 404)
        const logged = `"path":${JSON.stringify(path)}`
        await backend.says(new RegExp(RegExp.escape(logged)))
        const line = backend
          .out()
          .split('\n')
          .find(text => text.includes(logged))
        assert.equal(JSON.parse(line!).ip, '127.0.0.1')
      }
    } finally {
      caddy.kill()
      await once(caddy, 'exit')
    }
  })
})

/** Until a program that was just started answers; rejects with what it said when it ends instead. */
async function untilAnswered(address: string, program: ChildProcessByStdio<Writable, null, Readable>) {
  let said = ''
  program.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  for (;;) {
    assert.equal(program.exitCode, null, said)
    const answer = await fetch(address).catch(() => undefined)
    if (answer?.ok) return
    await sleep(50)
  }
}

/** With the path as it is given, which `fetch` would rewrite. */
async function statusOf(port: number, path: string, headers: Record<string, string>) {
  const asked = request({ host: '127.0.0.1', port, path, headers }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}
