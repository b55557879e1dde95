import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { permissionsOf } from '../server/src/http/index.ts'
import { accessMatrix } from './access-matrix.table.ts'
import { assertNone } from './support/assert-none.ts'
import { withMuchMail } from './support/proofs.ts'
import { createSamples, type RegisteredRoute } from './support/sample-requests.ts'
import { type Account, testWorld } from './support/world.ts'

/** What stands at the root of the host and is no route of the API. */
const documentsAndProbes = [
  '/openapi.json',
  '/swagger/',
  '/redoc/',
  '/.well-known/jwks.json',
  '/health/live',
  '/health/ready',
  '/metrics',
]

/** What a role needs where the route itself asks for no permission, but the rows of others do. */
const aboutOthers: Readonly<Record<string, string>> = {
  listSessionsOfUser: 'sessions:read',
  checkAccess: 'users:read',
  explainAccess: 'users:read',
  effectiveAccess: 'users:read',
}

/** All that a role needs for the call. */
const permissionsFor = ({ route }: RegisteredRoute): readonly string[] => {
  const about = aboutOthers[route.operationId]
  return about === undefined ? permissionsOf(route) : [about]
}

describe('every route and method', async () => {
  const world = await testWorld({ env: withMuchMail })
  const samples = await createSamples(world)
  const administrator = await world.superuser()

  const staff = async () => {
    const account = await world.register()
    const body = { is_staff: true }
    const answer = await world.call('PATCH', `/users/${account.id}/`, { token: administrator.access, body })
    assert.equal(answer.status, 200, answer.text)
    return account
  }

  const ordinary = await world.register()
  const onStaff = await staff()

  const callers = (registered: RegisteredRoute): readonly (() => Promise<Account | undefined>)[] => {
    const permissions = permissionsFor(registered)
    const nobody = async () => undefined
    const oneRole = () =>
      permissions.length === 0 ? world.register() : world.withPermissions(...permissions)
    if (typeof registered.route.access === 'object') {
      return [nobody, async () => ordinary, oneRole, async () => onStaff, async () => administrator]
    }
    // Fresh ones where the call is about the caller: some of these end the session or the account.
    return [nobody, () => world.register(), oneRole, staff, () => world.superuser()]
  }

  const statusesOf = async (registered: RegisteredRoute, spelling: string) => {
    const statuses: number[] = []
    for (const caller of callers(registered)) {
      const account = await caller()
      const { method, path, body, headers = {} } = await samples.request(registered, account, spelling)
      const answer = await world.call(method, path, { token: account?.access, body, headers })
      statuses.push(answer.status)
    }
    return statuses
  }

  const line = (method: string, path: string, permission: string, statuses: readonly number[]) => {
    const cells = statuses.map(status => String(status).padEnd(9)).join('')
    return `${method.padEnd(6)} ${path.padEnd(36)} ${permission.padEnd(19)} ${cells}`.trimEnd()
  }

  it('answers each caller as the table says', async () => {
    const lines: string[] = []
    for (const registered of world.server.app.routes) {
      for (const spelling of [registered.route.path, ...(registered.route.deprecatedPaths ?? [])]) {
        const statuses = await statusesOf(registered, spelling)
        const permission = permissionsFor(registered).join(' ') || '-'
        lines.push(line(registered.route.method, registered.basePath + spelling, permission, statuses))
      }
    }
    const reader = await world.withPermissions('users:read')
    for (const path of documentsAndProbes) {
      const statuses: number[] = []
      for (const caller of [undefined, ordinary, reader, onStaff, administrator]) {
        const headers = caller && { authorization: `Bearer ${caller.access}` }
        statuses.push((await world.inject({ url: path, headers: { ...headers } })).statusCode)
      }
      lines.push(line('GET', path, '-', statuses))
    }
    const expected = accessMatrix.slice(accessMatrix.indexOf('\n') + 1).split('\n')
    const advice =
      'For a new route add its line to test/access-matrix.table.ts, in the order of registration. For one that is there: was its access meant to change?'
    assertNone(
      lines.filter(each => !expected.includes(each)),
      `The server answers so, and the table does not say it. ${advice}`,
    )
    assertNone(
      expected.filter(each => each !== '' && !lines.includes(each)),
      `The table says so, and the server does not answer it. ${advice}`,
    )
    assert.equal(`${lines.join('\n')}\n`, expected.join('\n'), `The lines are in another order. ${advice}`)
  })

  it('of the OpenAPI document stands in the table', async () => {
    const { paths } = (await world.inject({ url: '/openapi.json' })).json()
    const described = Object.entries<object>(paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter(key => key !== 'parameters')
        .map(method => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    assert.ok(described.length > 80, `the document has only ${described.length} operations`)
    const inTable = new Set(accessMatrix.split('\n').map(row => row.split(/ +/, 2).join(' ')))
    assertNone(
      described.filter(operation => !inTable.has(operation)),
      'These operations of /openapi.json have no line in test/access-matrix.table.ts. Add one.',
    )
  })

  it('gives a caller without the permission one answer, whether the row exists or not', async () => {
    const weak = await world.register()
    const withRow = world.server.app.routes.filter(
      ({ route }) => route.path.includes(':') && typeof route.access === 'object',
    )
    assert.ok(
      withRow.length > 25,
      `only ${withRow.length} routes have an id in their path and ask for a permission`,
    )
    for (const registered of withRow) {
      const present = await samples.request(registered, weak)
      const absent = samples.withoutRow(registered)
      const answers = await Promise.all(
        [present, absent, { ...absent, path: absent.path.replace(/\d+/, 'x') }].map(({ method, path }) =>
          world.call(method, path, { token: weak.access }),
        ),
      )
      const [first, ...others] = answers.map(({ status, body }) => ({ ...body, status, instance: '' }))
      assert.equal(first!.status, 403, registered.route.operationId)
      for (const other of others) assert.deepEqual(other, first)
    }
  })

  it('is closed to a caller who has every other permission', async () => {
    const guarded = world.server.app.routes.filter(({ route }) => typeof route.access === 'object')
    const permissions = [...new Set(guarded.flatMap(permissionsFor))]
    assert.ok(permissions.length > 30, `the routes ask for only ${permissions.length} permissions`)
    for (const permission of permissions) {
      const account = await world.withPermissions(...permissions.filter(each => each !== permission))
      for (const registered of guarded.filter(each => permissionsFor(each).includes(permission))) {
        const { method, path } = samples.withoutRow(registered)
        const answer = await world.call(method, path, { token: account.access })
        assert.equal(
          answer.status,
          403,
          `${method} ${path} is open to a caller without ${permission}: see its \`access\``,
        )
        // A route of a standard says it in the words of that standard.
        assert.ok(answer.text.includes(permission), answer.text)
      }
    }
  })

  it('answers HEAD where it answers GET, to the same callers', async () => {
    const weak = await world.register()
    for (const registered of world.server.app.routes.filter(({ route }) => route.method === 'GET')) {
      for (const account of [undefined, weak, administrator]) {
        const { path } = await samples.request(registered, account)
        const get = await world.call('GET', path, { token: account?.access })
        const head = await world.call('HEAD', path, { token: account?.access })
        assert.equal(head.status, get.status, `HEAD ${path} answers other than GET`)
        assert.equal(head.text, '', `HEAD ${path} has a body`)
      }
    }
  })

  it('is refused with 405 and what the address takes, for a method that it does not take', async () => {
    const { routes } = world.server.app
    const spellings = routes
      // Proxies ask with whatever method.
      .filter(({ route }) => route.asksForAnother !== true)
      .flatMap(({ basePath, route }) =>
        [route.path, ...(route.deprecatedPaths ?? [])].map(path => ({
          method: route.method,
          path: basePath + path,
        })),
      )
    const isAt = (address: string) => (spelling: { path: string }) =>
      new RegExp(`^${spelling.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(address)
    for (const address of new Set(spellings.map(({ path }) => path.replaceAll(/:\w+/g, '1')))) {
      const taken = new Set(spellings.filter(isAt(address)).map(({ method }) => method as string))
      const allowed = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(method =>
        taken.has(method === 'HEAD' ? 'GET' : method),
      )
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'].filter(
        each => !taken.has(each),
      )) {
        const answer = await world.call(method, address, { token: administrator.access })
        assert.equal(answer.status, 405, `${method} ${address}`)
        assert.equal(answer.body.code, 'method_not_allowed')
        assert.equal(answer.headers.allow, [...allowed, 'OPTIONS'].join(', '), address)
      }
    }
  })
})
