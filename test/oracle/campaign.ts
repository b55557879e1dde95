import assert from 'node:assert/strict'
import { chance, pick } from '../../gate/test/chance.ts'
import { injectInto } from '../../server/src/http/testing/inject.ts'
import { initialFields } from '../../server/src/identity/index.ts'
import type { UserId } from '../../server/src/kernel/index.ts'
import { startSession } from '../../server/src/tokens/index.ts'
import { type Node, startNode } from '../property/site.ts'
import { maxSkewMs, trueTime } from '../property/skewed-clock.ts'
import { origin } from '../support/people.ts'
import type { Change } from '../support/preview.ts'
import { type Act, entryNames, randomAct, roleNames } from './acts.ts'
import {
  explanation,
  type Model,
  mayDo,
  nameOf,
  namesIn,
  type Person,
  permissionsOf,
  preview,
  type Reason,
} from './model.ts'

export interface CampaignOptions {
  readonly databaseUrl: string
  readonly seed: number
  readonly steps: number
}

/** How often each thing was done and asked, by its outcome. */
export type Tally = Record<string, number>

/** What every node must have heard, and one more. */
const boundMs = 1_001

/** Tokens live an hour. */
const tokenLifeMs = 1_200_000

/** As docs/authorization.md lists them. */
const builtIns = new Set([
  ...[
    'users',
    'roles',
    'actions',
    'resources',
    'permissions',
    'sessions',
    'tokens',
    'throttle',
    'audit',
    'server',
    'api_keys',
    'changes',
    'factors',
    'forward_rules',
    'mail',
  ],
  ...['read', 'create', 'update', 'delete', 'all'],
])

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent.
type Anything = any

/**
 * People of all ranks act at random, each call at a random one of two nodes whose clocks differ and step: each act must
 * succeed or be refused as the rules of rank have it, and change what they say and nothing else. Between the acts
 * questions are asked, and answered by brute force as well.
 */
export async function runCampaign({ databaseUrl, seed, steps }: CampaignOptions): Promise<Tally> {
  const random = chance(seed)
  const time = trueTime()
  const tally: Tally = {}
  const log: string[] = []
  const nodes: Node[] = []
  const tokens = new Map<number, { readonly token: string; readonly madeAtMs: number }>()
  const count = (what: string) => {
    tally[what] = (tally[what] ?? 0) + 1
  }
  const start = () => startNode({ databaseUrl, time, random, accessTtl: '1h' })

  async function signIn(userId: number): Promise<string> {
    const { core, clock, issuer } = pick(random, nodes)
    const nowMs = clock.nowMs()
    const { session, grants } = await core.transaction(async stores => {
      await stores.users.lock(userId as UserId)
      const deps = { random: core.random, sessionLimits: { ttlMs: 30 * 86_400_000, perAccount: 100 } }
      const started = await startSession(stores, deps, { userId: userId as UserId, origin, nowMs })
      return { session: started.session, grants: await stores.userGrants.get(userId as UserId) }
    })
    // By the slowest clock that there may be: a token from a node that is ahead is refused for a while where the clock is behind.
    const slowestMs = nowMs - clock.skewMs - maxSkewMs
    const token = issuer.accessToken({ ...session, authTimeMs: slowestMs }, grants, slowestMs)
    tokens.set(userId, { token, madeAtMs: time.tickMs })
    return token
  }

  async function tokenOf({ id }: Person): Promise<string> {
    const known = tokens.get(id)
    return known !== undefined && time.tickMs - known.madeAtMs < tokenLifeMs ? known.token : await signIn(id)
  }

  async function call(method: string, path: string, token: string, body?: unknown) {
    const inject = injectInto(pick(random, nodes).server.app)
    const answer = await inject({
      method: method as 'GET',
      url: path.startsWith('/api/') ? path : `/api/auth${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    })
    const parsed: Anything = answer.payload === '' ? {} : JSON.parse(answer.payload)
    return { status: answer.statusCode, body: parsed, text: answer.payload }
  }

  async function demand(method: string, path: string, token: string, body?: unknown): Promise<Anything> {
    const answer = await call(method, path, token, body)
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`)
    return answer.body
  }

  async function readAll(path: string, token: string): Promise<Anything[]> {
    const rows: Anything[] = []
    for (let next: string | null = path; next !== null; ) {
      const page: Anything = await demand('GET', next, token)
      rows.push(...page.results)
      next =
        page.next === null
          ? null
          : new URL(page.next, 'http://localhost').href.replace('http://localhost', '')
    }
    return rows
  }

  /** Everything as the API shows it. */
  async function readModel(token: string): Promise<Model> {
    const toEntries = async (path: string) =>
      new Map(
        (await readAll(path, token)).map(({ id, code_name }) => [
          id as number,
          { codeName: code_name as string, isBuiltin: builtIns.has(code_name) },
        ]),
      )
    const resources = await toEntries('/resources/?limit=100')
    const actions = await toEntries('/actions/?limit=100')
    const read: Model = { resources, actions, roles: new Map(), people: new Map() }
    const idIn = (entries: Map<number, { codeName: string }>, name: string) =>
      [...entries].find(([, { codeName }]) => codeName === name)![0]
    for (const { id, code_name, permissions } of await readAll('/roles/?limit=100', token)) {
      const pairs = (permissions as string[]).map(name => {
        const [resource, action] = name.split(':')
        return `${idIn(resources, resource!)}/${idIn(actions, action!)}`
      })
      read.roles.set(id, { codeName: code_name, permissions: new Set(pairs) })
    }
    for (const { id, is_active, is_superuser, is_staff, roles } of await readAll('/users/?limit=5', token)) {
      const held = new Set((roles as string[]).map(role => idIn(read.roles, role)))
      read.people.set(id, {
        id,
        isActive: is_active,
        isSuperuser: is_superuser,
        isStaff: is_staff,
        roles: held,
      })
    }
    return read
  }

  const personOf = (model: Model, isFit: (person: Person) => boolean) =>
    pick(random, [...model.people.values()].filter(isFit)) as Person | undefined

  /** Some questions in the words that there are, and in some that there are not. */
  function someQuestion(model: Model) {
    const word = (known: readonly string[], others: readonly string[]) =>
      pick(random, random() < 0.8 ? known : others)
    return {
      resource: word(namesIn(model.resources), [...entryNames, 'ghosts', 'users:read']),
      action: word(namesIn(model.actions), ['sign', 'share', 'fly', 'users']),
    }
  }

  async function ask(model: Model, root: Person): Promise<void> {
    const rootToken = await tokenOf(root)
    const subject = personOf(model, () => true)!
    const checks = Array.from({ length: 8 }, () => someQuestion(model))
    const expected = checks.map(({ resource, action }) => mayDo(model, subject, resource, action).allowed)
    const allowedIn = (body: Anything) => body.results.map(({ allowed }: { allowed: boolean }) => allowed)
    const about = `about ${describe(model, subject)}: ${JSON.stringify(checks)}`
    assert.deepEqual(
      allowedIn(await demand('POST', '/access/check/', rootToken, { checks, user_id: subject.id })),
      expected,
      `check ${about}`,
    )
    if (subject.isActive) {
      const own = await demand('POST', '/access/check/', await tokenOf(subject), { checks })
      assert.deepEqual(allowedIn(own), expected, `check of oneself, ${about}`)
    }
    count(`checks of which ${expected.includes(true) ? 'some are' : 'none is'} allowed`)

    const { resource, action } = checks[0]!
    const question = `resource=${encodeURIComponent(resource)}&action=${encodeURIComponent(action)}`
    const explained = await demand('GET', `/access/explain/?user_id=${subject.id}&${question}`, rootToken)
    const why = explanation(model, subject, resource, action)
    assert.deepEqual(
      [explained.allowed, sorted(explained.because)],
      [why.allowed, sorted(why.because)],
      `explain ${about}`,
    )
    count(`explained by ${Object.keys(why.because[0]!)[0]}`)

    const able = await readAll(`/access/who_can/?${question}&limit=3`, rootToken)
    assert.deepEqual(
      able.map(({ id, is_superuser, roles }) => [id, is_superuser, roles]),
      [...model.people.values()]
        .sort((a, b) => a.id - b.id)
        .map(person => ({ person, ...mayDo(model, person, resource, action) }))
        .filter(({ allowed }) => allowed)
        .map(({ person, reasons }) => [person.id, person.isSuperuser, rolesIn(reasons)]),
      `who can ${resource}:${action}`,
    )

    const effective = await demand('GET', `/access/effective/?user_id=${subject.id}`, rootToken)
    assert.deepEqual(
      effective.permissions.map((each: Anything) => [each.resource, each.action, sorted(each.because)]),
      byRoles(model, subject),
      `effective access of ${describe(model, subject)}`,
    )
    await askPreview(model, rootToken)
  }

  async function askPreview(model: Model, token: string): Promise<void> {
    const changes = Array.from({ length: 1 + Math.floor(random() * 4) }, () => someChange(model, random))
    const limit = 1 + Math.floor(random() * 5)
    const answer = await call('POST', '/access/preview/', token, { changes, limit })
    const expected = preview(model, changes, limit)
    const what = `preview of ${JSON.stringify(changes)}: ${answer.text}`
    if ('fault' in expected) {
      assert.equal(answer.status, 400, what)
      assert.ok(Object.keys(answer.body.errors)[0]!.startsWith(`changes.${expected.fault}.`), what)
      return count('previews of what nobody could do')
    }
    assert.equal(answer.status, 200, what)
    const results = answer.body.results.map(({ user, gains, losses }: Anything) => ({
      id: user.id,
      gains,
      losses,
    }))
    assert.deepEqual({ ...answer.body, results }, expected, what)
    count(`previews of ${expected.users > 0 ? 'something' : 'nothing'}`)
  }

  async function carryOut(model: Model, actor: Person, act: Act): Promise<void> {
    const who = describe(model, actor)
    const token = await tokenOf(actor)
    const what = `${who}: ${act.kind}, ${act.method} ${act.path} ${JSON.stringify(act.body) ?? ''}`
    log.push(`${what} -> ${act.expected}`)
    const first = await call(act.method, act.path, token, act.body)
    // Some acts ask for a sign-in of the last minutes (ADR 47).
    const isStale = first.body?.code === 'insufficient_user_authentication'
    const answer = isStale ? await call(act.method, act.path, await signIn(actor.id), act.body) : first
    assert.equal(answer.status, act.expected, `${what}: ${answer.text}`)
    const isDone = answer.status < 300
    if (!actor.isSuperuser || !isDone) count(`${act.kind}: ${isDone ? 'done' : 'refused'}`)
    if (!isDone) return
    act.apply(model, answer.body)
    if (act.endsSessionsOf === undefined) return
    const over = tokens.get(act.endsSessionsOf)
    tokens.delete(act.endsSessionsOf)
    if (over === undefined) return
    time.pass(boundMs)
    assert.equal((await call('GET', '/me/', over.token)).status, 401, `${what}: the session lives on`)
  }

  try {
    nodes.push(await start(), await start())
    const rootId = await addRoot(nodes[0]!)
    const model = await readModel(await signIn(rootId))
    await foundRanks(model)
    for (let step = 0; step < steps; step++) {
      time.pass(Math.round(boundMs + random() * 2_000))
      disturb()
      const actor = personOf(model, person => person.isActive && (!person.isSuperuser || random() < 0.3))
      if (actor === undefined) continue
      await carryOut(model, actor, randomAct(model, actor, random))
      time.pass(boundMs)
      const root = personOf(model, person => person.isActive && person.isSuperuser)!
      if (step % 4 === 0) {
        const seen = await readModel(await tokenOf(root))
        assert.deepEqual(comparable(seen), comparable(model), 'what there is after it')
      }
      if (random() < 0.4) await ask(model, root)
    }
    return tally
  } catch (error) {
    const text = log.slice(-15).join('\n')
    throw new Error(
      `Seed ${seed}, ${nameOfEngine(databaseUrl)}: ${(error as Error).message}\nWhat was done:\n${text}`,
      {
        cause: error,
      },
    )
  } finally {
    for (const node of nodes) await node.server.close()
  }

  function disturb(): void {
    if (random() > 0.1) return
    const { clock } = pick(random, nodes)
    clock.skewMs = Math.round((random() * 2 - 1) * maxSkewMs)
  }

  /** Sub-administrators of several ranks, some of whom may make others. */
  async function foundRanks(model: Model): Promise<void> {
    const root = [...model.people.values()].find(({ isSuperuser }) => isSuperuser)!
    const acts: Pick<Act, 'method' | 'path' | 'body' | 'apply'>[] = []
    const ranks: readonly (readonly string[])[] = [
      ['users:all', 'roles:all', 'resources:all', 'actions:all', 'tokens:delete'],
      ['users:update', 'users:create', 'roles:update', 'roles:create', 'sessions:read'],
      ['users:read', 'users:update', 'tokens:delete', 'resources:create', 'resources:delete'],
      ['sessions:all', 'audit:read'],
    ]
    for (const [at, permissions] of ranks.entries()) {
      const codeName = roleNames[at]!
      const body = { name: codeName, code_name: codeName, permissions }
      acts.push({ method: 'POST', path: '/roles/', body, apply() {} })
    }
    for (let at = 0; at < 8; at++) {
      const roles = roleNames
        .slice(0, ranks.length)
        .filter((_, rank) => at % ranks.length === rank || random() < 0.2)
      const email = `person-${at}@example.com`
      const body = { email, password: 'correct horse battery staple', roles }
      acts.push({ method: 'POST', path: '/users/', body, apply() {} })
    }
    for (const { method, path, body } of acts) {
      time.pass(boundMs)
      const answer = await call(method, path, await tokenOf(root), body)
      assert.equal(answer.status, 201, answer.text)
    }
    time.pass(boundMs)
    const seen = await readModel(await tokenOf(root))
    for (const part of ['resources', 'actions', 'roles', 'people'] as const)
      for (const [id, value] of seen[part]) (model[part] as Map<number, unknown>).set(id, value)
  }
}

async function addRoot({ core, clock }: Node): Promise<number> {
  const flags = { isActive: true, isStaff: true, isSuperuser: true }
  const user = await core.transaction(({ users }) =>
    users.add({ email: 'root@example.com', passwordHash: '!', ...initialFields, ...flags }, clock.nowMs()),
  )
  assert.ok(user !== 'taken')
  return user.id
}

const nameOfEngine = (databaseUrl: string) => (databaseUrl.startsWith('postgres') ? 'postgres' : 'sqlite')

const sorted = (reasons: readonly unknown[]): string[] => reasons.map(each => JSON.stringify(each)).sort()

const rolesIn = (reasons: readonly Reason[]): string[] => [...new Set(reasons.map(({ role }) => role))].sort()

/** Resource, action and reasons of all that the roles give; nothing to a closed account. */
function byRoles(model: Model, person: Person): [string, string, string[]][] {
  const plain = { ...person, isSuperuser: false }
  return namesIn(model.resources)
    .toSorted()
    .flatMap(resource =>
      namesIn(model.actions)
        .toSorted()
        .map(action => ({ resource, action, ...mayDo(model, plain, resource, action) })),
    )
    .filter(({ allowed }) => allowed)
    .map(({ resource, action, reasons }) => [resource, action, sorted(reasons)])
}

function someChange(model: Model, random: () => number): Change {
  const one = <T>(items: readonly T[]): T => pick(random, items)
  const role = one([...namesIn(model.roles), ...roleNames])
  const user_id = one([...model.people.keys(), 999_999])
  const resource = one([...namesIn(model.resources), ...entryNames])
  const action = one([...namesIn(model.actions), 'sign', 'share'])
  const held = model.roles.size === 0 ? [] : permissionsOf(model, one([...model.roles.keys()]))
  const permission = held.length > 0 && random() < 0.5 ? one(held) : `${resource}:${action}`
  return one<Change>([
    { kind: one(['grant_permission', 'take_permission']), role, permission },
    { kind: one(['give_role', 'take_role']), user_id, role },
    { kind: one(['deactivate_user', 'reactivate_user']), user_id },
    { kind: 'delete_role', role },
    { kind: 'delete_resource', resource: one([...entryNames, resource]) },
    { kind: 'delete_action', action: one(['sign', 'share', action]) },
  ])
}

function describe(model: Model, { id, isActive, isSuperuser, roles }: Person): string {
  const held = [...roles].map(
    role => `${model.roles.get(role)!.codeName}(${permissionsOf(model, role).join()})`,
  )
  return `person ${id}${isActive ? '' : ', closed'}${isSuperuser ? ', superuser' : ''} [${held.join(' ')}]`
}

/** With each list in order. */
function comparable(model: Model): unknown {
  const inOrder = <T>(map: ReadonlyMap<number, T>) => [...map].sort(([a], [b]) => a - b)
  return {
    resources: inOrder(model.resources),
    actions: inOrder(model.actions),
    roles: inOrder(model.roles).map(([id, { codeName, permissions }]) => [
      id,
      codeName,
      [...permissions].map(pair => nameOf(model, pair)).sort(),
    ]),
    people: inOrder(model.people).map(([, person]) => ({ ...person, roles: [...person.roles].sort() })),
  }
}
