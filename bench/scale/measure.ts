import type { Effort } from '../bench.ts'
import { load, type Script } from '../support/load.ts'
import { benchPassword, ourCommand, type SignedIn } from '../support/our-server.ts'
import { ourRefresh } from '../support/refresh-scripts.ts'
import { requestBytes } from '../support/request-bytes.ts'
import { residentMb } from '../support/resident-memory.ts'
import { type StartedServer, startServer } from '../support/start-server.ts'
import { type Asker, type Cost, openAsker } from './pages.ts'
import type { Size } from './size.ts'

/** What our server costs on a house of one size. */
export interface Measured {
  readonly startMs: number
  readonly readyMs: number
  readonly memoryMb: number
  readonly busyMemoryMb: number
  /** Answers in a second, many at a time. */
  readonly rates: Readonly<Record<string, number>>
  readonly costs: readonly Cost[]
}

const concurrency = 16

/** Starts our server on a generated database, asks everything of it that may depend on the size, and stops it. */
export async function measureServer(
  directory: string,
  environment: Readonly<Record<string, string>>,
  size: Size,
  effort: Effort,
): Promise<Measured> {
  // The first start also compiles; the second is what an operator sees from day to day.
  await (await startServer(ourCommand(environment), directory)).stop()
  const server = await startServer(ourCommand(environment), directory)
  try {
    const memoryMb = residentMb(server.pid)
    const people = await Promise.all(someUsers(size).map(user => signIn(server, user)))
    const rates = await measureRates(server, people, effort)
    const asker = await openAsker(server.port, people[0]!.access)
    const costs = await measureCosts(asker, size, effort).finally(() => asker.close())
    const { startMs, readyMs } = server
    return { startMs, readyMs, memoryMb, busyMemoryMb: residentMb(server.pid), rates, costs }
  } finally {
    await server.stop()
  }
}

/** The first is a superuser; the others are spread over the whole house. None of them is closed. */
const someUsers = (size: Size): readonly number[] =>
  Array.from({ length: concurrency }, (_, place) => {
    const user = 1 + Math.floor((place * (size.users - 1)) / concurrency)
    return user % 50 === 7 ? user + 1 : user
  })

async function signIn({ port }: StartedServer, user: number): Promise<SignedIn> {
  const email = `user-${user}@example.com`
  const answer = await fetch(`http://127.0.0.1:${port}/api/auth/login/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: benchPassword }),
  })
  if (!answer.ok) throw new Error(`The login of ${email} answered ${answer.status}: ${await answer.text()}`)
  const { access, refresh, user: row } = (await answer.json()) as SignedIn & { user: { id: number } }
  return { id: row.id, email, access, refresh }
}

async function measureRates(server: StartedServer, people: readonly SignedIn[], effort: Effort) {
  const durationMs = effort.smoke ? 100 : effort.quick ? 1_000 : 5_000
  const rateOf = async (scripts: readonly Script[]) => {
    await load(server, scripts, durationMs / 4)
    return (await load(server, scripts, durationMs)).rate
  }
  const always = (bytes: Buffer): Script => ({ next: () => bytes })
  const bearer = ({ access }: SignedIn) => ({ Authorization: `Bearer ${access}` })
  const check = { checks: [{ resource: 'area-17', action: 'approve' }] }
  return {
    'access check': await rateOf(
      people.map(person =>
        always(
          requestBytes({
            method: 'POST',
            path: '/api/auth/access/check/',
            headers: bearer(person),
            body: check,
          }),
        ),
      ),
    ),
    'own profile': await rateOf(
      people.slice(1).map(person => always(requestBytes({ path: '/api/auth/me/', headers: bearer(person) }))),
    ),
    login: await rateOf(
      people.map(({ email }) =>
        always(
          requestBytes({
            method: 'POST',
            path: '/api/auth/login/',
            body: { email, password: benchPassword },
          }),
        ),
      ),
    ),
    refresh: await rateOf(people.slice(1).map(ourRefresh)),
  }
}

async function measureCosts(asker: Asker, size: Size, effort: Effort): Promise<readonly Cost[]> {
  const times = effort.smoke ? 2 : effort.quick ? 20 : 100
  const last = size.users
  const questions: (readonly [name: string, path: string])[] = [
    ['users, search by address', `/users/?search=user-${last}`],
    ['users, search by a common name', '/users/?search=last42'],
    ['users, search that finds nothing', '/users/?search=nobody-at-all'],
    ['users of a role', '/users/?role=role-17'],
    ['sessions of a user', `/sessions/?user_id=${last}`],
    ['audit of a user', `/audit/?actor=${last}`],
    ['audit of a target', `/audit/?target=users/${last}`],
    ['audit by action', '/audit/?action=access.denied'],
    ['explain', `/access/explain/?user_id=${last}&resource=area-17&action=approve`],
    ['who_can, first page', '/access/who_can/?resource=area-17&action=approve'],
  ]
  const lists: (readonly [name: string, path: string, rows: number])[] = [
    ['users', '/users/?ordering=id', size.users],
    ['users by address', '/users/?ordering=email', size.users],
    ['sessions', '/sessions/?ordering=id', size.sessions],
    ['roles', '/roles/?ordering=id', size.roles],
    ['audit', '/audit/', size.auditEvents],
  ]
  const costs: Cost[] = []
  for (const [name, path, rows] of lists) {
    costs.push(await asker.cost(`${name}, first page`, path, times))
    const middle = await asker.middleOf(path, rows)
    costs.push(await asker.cost(`${name}, page in the middle`, middle, times))
    if (path.includes('ordering=')) {
      costs.push(await asker.cost(`${name}, last page`, path.replace('ordering=', 'ordering=-'), times))
    }
  }
  for (const [name, path] of questions) costs.push(await asker.cost(name, path, times))
  return costs
}
