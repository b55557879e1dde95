import type { Effort } from '../bench.ts'
import { load, type Script } from '../support/load.ts'
import { benchPassword, ourCommand, type SignedIn } from '../support/our-server.ts'
import { ourRefresh } from '../support/refresh-scripts.ts'
import { checkOf, loginOf, profileOf, repeating } from '../support/requests.ts'
import { residentMb } from '../support/resident-memory.ts'
import { type StartedServer, startServer } from '../support/start-server.ts'
import { type Asker, type Cost, openAsker } from './pages.ts'
import { commonPermission, rarePermission, usualPermission } from './rows.ts'
import type { Size } from './size.ts'

/** What our server costs on an installation of one size. */
export interface Measured {
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
  // The first start brings the files into the memory of the system; the second is what an operator sees from day to day.
  await (await startServer(ourCommand(environment), directory)).stop()
  const server = await startServer(ourCommand(environment), directory)
  try {
    const memoryMb = residentMb(server.pid)
    const people = await Promise.all(someUsers(size).map(user => signIn(server, user)))
    const rates = await measureRates(server, people, effort)
    const asker = await openAsker(server, people[0]!.access)
    const costs = await measureCosts(asker, size, effort).finally(() => asker.close())
    const { readyMs } = server
    return { readyMs, memoryMb, busyMemoryMb: residentMb(server.pid), rates, costs }
  } finally {
    await server.stop()
  }
}

/** The first is a superuser; the others are spread over the whole installation. None of them is closed. */
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
  const wanted = { resource: 'area-17', action: 'approve' }
  return {
    'access check': await rateOf(people.map(person => repeating(checkOf(person, wanted)))),
    'own profile': await rateOf(people.slice(1).map(person => repeating(profileOf(person)))),
    login: await rateOf(people.map(({ email }) => repeating(loginOf(email)))),
    refresh: await rateOf(people.slice(1).map(ourRefresh)),
  }
}

type Question = readonly [name: string, path: string]

/** Every list with every column that it can be ordered by. */
const orderings: readonly (readonly [list: string, columns: readonly string[], rows: keyof Size])[] = [
  [
    'users',
    [
      ...['id', 'email', 'first_name', 'last_name', 'middle_name', 'is_active', 'is_staff', 'is_superuser'],
      ...['date_joined', 'last_login', 'updated_at'],
    ],
    'users',
  ],
  [
    'sessions',
    [
      ...['id', 'uuid', 'user_id', 'ip_address', 'user_agent', 'created_at', 'last_used_at', 'expires_at'],
      ...['is_active', 'ended_at', 'end_reason'],
    ],
    'sessions',
  ],
  ['roles', ['id', 'name', 'code_name', 'description'], 'roles'],
  ['resources', ['id', 'name', 'code_name', 'description'], 'resources'],
  ['permissions', ['id', 'resource', 'action'], 'resources'],
  ['audit', ['id', 'at'], 'auditEvents'],
]

const questionsOf = ({ users }: Size): readonly Question[] => {
  const named = ({
    resource,
    action,
  }: typeof usualPermission | typeof commonPermission | typeof rarePermission) =>
    `resource=${resource}&action=${action}`
  return [
    ['search that finds one', `/users/?search=user-${users}@`],
    ['search that finds one in forty', '/users/?search=last42'],
    ['search that finds everybody', '/users/?search=example.com'],
    ['search that finds nobody', '/users/?search=nobody-at-all'],
    ['search that nearly matches everybody', '/users/?search=example.comx'],
    ['search for words in between', '/users/?search=first42%20last'],
    ['search by two characters that many have', '/users/?search=42'],
    ['search by two characters that nobody has', '/users/?search=zq'],
    ['search by one character', '/users/?search=7'],
    ['search for everybody, by last login', '/users/?search=example.com&ordering=-last_login'],
    ['search for everybody, by last name', '/users/?search=example.com&ordering=last_name'],
    ['search for one in forty, by last login', '/users/?search=last42&ordering=-last_login'],
    ['search for one in forty, by last name, far off', '/users/?search=last42&ordering=-last_name'],
    ['search for one, by last name', `/users/?search=user-${users}@&ordering=last_name`],
    ['search among the closed', '/users/?search=last42&is_active=false'],
    ['search among the holders of a role', '/users/?search=example.com&role=role-17'],
    ['search among the closed holders of a role', '/users/?search=last4&role=role-17&is_active=false'],
    ['users who are closed', '/users/?is_active=false'],
    ['users who are closed, by last name', '/users/?is_active=false&ordering=last_name'],
    ['users of a role', '/users/?role=role-17'],
    ['users of a role, by last login', '/users/?role=role-17&ordering=-last_login'],
    ['sessions of a user', `/sessions/?user_id=${users}`],
    ['sessions that are live, newest first', '/sessions/?is_active=true&ordering=-created_at'],
    ['sessions that are live, oldest first', '/sessions/?is_active=true&ordering=created_at'],
    ['sessions that are live, by address', '/sessions/?is_active=true&ordering=ip_address'],
    ['sessions that are over, by end', '/sessions/?is_active=false&ordering=-ended_at'],
    ['audit of a user', `/audit/?actor=${users}`],
    ['audit of a target', `/audit/?target=users/${users}`],
    ['audit by action', '/audit/?action=access.denied'],
    ['roles, search', '/roles/?search=role-77'],
    ['explain', `/access/explain/?user_id=${users}&${named(usualPermission)}`],
    ['who_can, superusers only', `/access/who_can/?${named(rarePermission)}`],
    ['who_can, few', `/access/who_can/?${named(usualPermission)}`],
    ['who_can, everybody', `/access/who_can/?${named(commonPermission)}`],
  ]
}

async function measureCosts(asker: Asker, size: Size, effort: Effort): Promise<readonly Cost[]> {
  const times = effort.smoke ? 2 : effort.quick ? 20 : 100
  const listTimes = Math.ceil(times / 2.5)
  const costs: Cost[] = []
  for (const [name, path] of questionsOf(size)) costs.push(await asker.cost(name, path, times))
  for (const [list, columns, rows] of orderings) {
    for (const column of columns) {
      const path = `/${list}/?ordering=${column}`
      costs.push(await asker.cost(`${list} by ${column}, first page`, path, listTimes))
      const middle = await asker.middleOf(path, size[rows])
      costs.push(await asker.cost(`${list} by ${column}, in the middle`, middle, listTimes))
      const last = path.replace('ordering=', 'ordering=-')
      costs.push(await asker.cost(`${list} by ${column}, last page`, last, listTimes))
    }
  }
  const whoCan = `/access/who_can/?resource=${usualPermission.resource}&action=${usualPermission.action}`
  const middle = await asker.middleOf(whoCan, size.users / 40)
  costs.push(await asker.cost('who_can, few, in the middle', middle, times))
  return costs
}
