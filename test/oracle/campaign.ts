import assert from 'node:assert/strict'
import { decided } from '../../gate/src/verdict.ts'
import { chance, pick } from '../../gate/test/chance.ts'
import { injectInto } from '../../server/src/http/testing/inject.ts'
import { initialFields } from '../../server/src/identity/index.ts'
import type { UserId } from '../../server/src/kernel/index.ts'
import type { Basis } from '../../server/src/remembered-devices/remembered-device.ts'
import { byPassword } from '../../server/src/sessions/index.ts'
import { startSession } from '../../server/src/tokens/index.ts'
import { type Mutant, type Node, startNode } from '../property/site.ts'
import { maxSkewMs, trueTime } from '../property/skewed-clock.ts'
import { origin } from '../support/people.ts'
import type { Change } from '../support/preview.ts'
import { type Act, entryNames, type Outcome, randomAct, roleNames } from './acts.ts'
import {
  type Actor,
  byKey,
  explanation,
  inSession,
  type Level,
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
  readonly mutant?: Mutant
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
 * questions are asked, and answered by brute force as well. Roles ask for levels, sessions have them, and programs act by keys.
 */
export async function runCampaign({ databaseUrl, seed, steps, mutant }: CampaignOptions): Promise<Tally> {
  const random = chance(seed)
  const time = trueTime()
  const tally: Tally = {}
  const log: string[] = []
  const nodes: Node[] = []
  /** By id of the person and level of the session. */
  const tokens = new Map<string, { readonly token: string; readonly madeAtMs: number }>()
  const count = (what: string) => {
    tally[what] = (tally[what] ?? 0) + 1
  }
  const start = () => startNode({ databaseUrl, time, random, accessTtl: '1h', mutant })

  async function signIn({ id, hasFactor }: Pick<Person, 'id' | 'hasFactor'>, level: Level): Promise<string> {
    const { core, clock, issuer } = pick(random, nodes)
    const nowMs = clock.nowMs()
    const userId = id as UserId
    const { session, grants } = await core.transaction(async stores => {
      await stores.users.lock(userId)
      const deps = { random: core.random, sessionLimits: { ttlMs: 30 * 86_400_000, perAccount: 100 } }
      // Without one no session of a single factor begins for them (ADR 50).
      const rememberedDeviceId =
        level === 'aal1' && hasFactor ? await useNewDevice(stores, userId, nowMs) : undefined
      const authentication =
        level === 'aal2' ? ({ acr: level, amr: ['pwd', 'otp', 'mfa'] } as const) : byPassword
      const start = { userId, origin, nowMs, authentication, rememberedDeviceId }
      const started = await startSession(stores, deps, start)
      return { session: started.session, grants: await stores.userGrants.get(userId) }
    })
    // By the slowest clock that there may be: a token from a node that is ahead is refused for a while where the clock is behind.
    const slowestMs = nowMs - clock.skewMs - maxSkewMs
    const token = issuer.accessToken({ ...session, authTimeMs: slowestMs }, grants, slowestMs)
    tokens.set(`${id} ${level}`, { token, madeAtMs: time.tickMs })
    return token
  }

  async function tokenOf(person: Person, level: Level): Promise<string> {
    const known = tokens.get(`${person.id} ${level}`)
    const isYoung = known !== undefined && time.tickMs - known.madeAtMs < tokenLifeMs
    return isYoung ? known.token : await signIn(person, level)
  }

  /** Who has no second factor has sessions of the lower level alone. */
  const someLevel = ({ hasFactor }: Person): Level => (hasFactor && random() < 0.5 ? 'aal2' : 'aal1')

  async function giveFactor(person: Person): Promise<void> {
    const { core, clock } = pick(random, nodes)
    const [userId, nowMs] = [person.id as UserId, clock.nowMs()]
    await core.transaction(async ({ factors }) => {
      const id = await factors.addTotp({ userId, name: 'app', encryptedSecret: '!' }, nowMs)
      await factors.confirmTotp(userId, { id, step: 1 }, nowMs)
    })
    person.hasFactor = true
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
    const read: Model = { resources, actions, roles: new Map(), people: new Map(), keys: new Map() }
    const idIn = (entries: Map<number, { codeName: string }>, name: string) =>
      [...entries].find(([, { codeName }]) => codeName === name)![0]
    const pairsOf = (permissions: readonly string[]) =>
      new Set(
        permissions.map(name => {
          const [resource, action] = name.split(':')
          return `${idIn(resources, resource!)}/${idIn(actions, action!)}`
        }),
      )
    for (const { id, code_name, permissions, requires_aal } of await readAll('/roles/?limit=100', token))
      read.roles.set(id, {
        codeName: code_name,
        permissions: pairsOf(permissions),
        level: requires_aal ?? 'aal1',
      })
    for (const { id, owner_id, roles, permissions } of await readAll('/api_keys/?limit=5', token)) {
      const held = new Set((roles as string[]).map(role => idIn(read.roles, role)))
      read.keys.set(id, { id, ownerId: owner_id, roles: held, permissions: pairsOf(permissions), secret: '' })
    }
    for (const { id, is_active, is_superuser, is_staff, roles } of await readAll('/users/?limit=5', token)) {
      const held = new Set((roles as string[]).map(role => idIn(read.roles, role)))
      read.people.set(id, {
        id,
        isActive: is_active,
        isSuperuser: is_superuser,
        isStaff: is_staff,
        roles: held,
        hasFactor: false,
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
    const rootToken = await tokenOf(root, 'aal2')
    const closed = random() < 0.2 ? personOf(model, ({ isActive }) => !isActive) : undefined
    const subject = closed ?? personOf(model, () => true)!
    const checks = Array.from({ length: 8 }, () => someQuestion(model))
    await askChecks(model, { subject, checks, rootToken })
    if (subject.isActive) await askGates(model, subject, checks)

    const [{ resource, action }, said] = [checks[0]!, pick(random, [undefined, 'aal1', 'aal2'] as const)]
    const question = `resource=${encodeURIComponent(resource)}&action=${encodeURIComponent(action)}`
    const acr = said === undefined ? '' : `&acr=${said}`
    const explained = await demand(
      'GET',
      `/access/explain/?user_id=${subject.id}&${question}${acr}`,
      rootToken,
    )
    const level = said ?? (subject.id === root.id ? 'aal2' : 'aal1')
    const why = explanation(model, subject, { resource, action }, level)
    assert.deepEqual(
      [explained.allowed, sorted(explained.because)],
      [why.allowed, sorted(why.because)],
      `explain ${resource}:${action} at ${level} about ${describe(model, subject)}`,
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
      effective.permissions.map((each: Anything) => [
        each.resource,
        each.action,
        each.requires_aal ?? 'aal1',
        sorted(each.because),
      ]),
      byRoles(model, subject),
      `effective access of ${describe(model, subject)}`,
    )
    await askPreview(model, rootToken)
  }

  interface Asked {
    readonly subject: Person
    readonly checks: readonly Question[]
    readonly rootToken: string
  }

  /** About oneself it is the level of the session, about another the lowest, unless one is said. */
  async function askChecks(model: Model, { subject, checks, rootToken }: Asked): Promise<void> {
    const about = `about ${describe(model, subject)}: ${JSON.stringify(checks)}`
    const compare = async (token: string, level: Level, body: object) => {
      const { results } = await demand('POST', '/access/check/', token, { checks, ...body })
      const expected = checks.map(({ resource, action }) => {
        const { allowed, withFactor } = mayDo(model, subject, resource, action, level)
        return [allowed, withFactor.length > 0 ? 'aal2' : undefined]
      })
      assert.deepEqual(
        results.map(({ allowed, requires_aal }: Anything) => [allowed, requires_aal]),
        expected,
        `check ${JSON.stringify(body)} at ${level} ${about}`,
      )
      const outcomes = new Set(expected.map(([allowed, aal]) => (allowed ? 'allowed' : (aal ?? 'denied'))))
      for (const outcome of outcomes) count(`checked at ${level}: ${outcome}`)
    }
    const isRoot = (await demand('GET', '/me/', rootToken)).id === subject.id
    const said = pick(random, ['aal1', 'aal2'] as const)
    await compare(rootToken, isRoot ? 'aal2' : 'aal1', { user_id: subject.id })
    await compare(rootToken, said, { user_id: subject.id, acr: said })
    if (!subject.isActive) return
    const level = someLevel(subject)
    await compare(await tokenOf(subject, level), level, {})
    await compare(await tokenOf(subject, level), said, { acr: said })
  }

  /** The verdict of each gate about a token, which asks no server: 200, 401 where a second factor would do, or 403. */
  async function askGates(model: Model, subject: Person, checks: readonly Question[]): Promise<void> {
    const level = someLevel(subject)
    const token = await tokenOf(subject, level)
    for (const [index, { server, clock }] of nodes.entries()) {
      await server.follower.assureFresh()
      const nowMs = clock.nowMs()
      const authentication = server.gate.authenticate(token, nowMs, clock.monotonicMs())
      assert.ok(authentication.ok, `gate ${index}: ${JSON.stringify(authentication)}`)
      for (const { resource, action } of checks) {
        const { status, because } = decided(
          server.gate,
          authentication,
          { resource, action },
          { mayNow: () => false, nowMs },
        )
        const { allowed, withFactor } = mayDo(model, subject, resource, action, level)
        const expected = allowed ? 200 : withFactor.length > 0 ? 401 : 403
        const what = `gate ${index} about ${describe(model, subject)} at ${level}: ${resource}:${action}`
        assert.equal(status, expected, what)
        if (status !== 401) continue
        const reasons = withFactor.map(by => ({ requires_aal: 'aal2', by }))
        assert.deepEqual(sorted(because), sorted([{ stepUp: { acr: 'aal2' } }, ...reasons]), what)
        count('a gate asked for a second factor')
      }
    }
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

  async function attempt(actor: Actor, person: Person, act: Act) {
    const expected = act.expected(actor)
    const by = actor.key === undefined ? `in ${actor.level}` : `by key ${actor.key.id}`
    const token = actor.key?.secret ?? (await tokenOf(person, actor.level))
    const first = await call(act.method, act.path, token, act.body)
    // Some acts ask for a sign-in of the last minutes (ADR 47).
    const isStale = expected !== 'step-up' && outcomeIn(first) === 'step-up'
    const answer = isStale
      ? await call(act.method, act.path, await signIn(person, actor.level), act.body)
      : first
    const outcome = outcomeIn(answer)
    log.push(`${by}: ${act.kind}, ${act.method} ${act.path} ${JSON.stringify(act.body) ?? ''} -> ${outcome}`)
    return { answer, outcome, expected, by }
  }

  async function carryOut(model: Model, actor: Actor, act: Act): Promise<void> {
    const person = model.people.get(actor.id)!
    const assertExpected = ({ answer, outcome, expected, by }: Awaited<ReturnType<typeof attempt>>) => {
      const what = `${describe(model, person)} ${by}: ${act.kind}, ${act.method} ${act.path} ${JSON.stringify(act.body) ?? ''}`
      assert.equal(outcome, expected, `${what}: ${answer.text}`)
    }
    log.push(describe(model, person))
    let done = await attempt(actor, person, act)
    assertExpected(done)
    const { outcome } = done
    if (outcome === 'level' || outcome === 'step-up') {
      count(`${act.kind}: ${outcome === 'level' ? 'asked for the level' : 'asked for a step-up'}`)
      if (!person.hasFactor) await giveFactor(person)
      done = await attempt(inSession(person, 'aal2'), person, act)
      assertExpected(done)
    }
    const { answer } = done
    const isDone = answer.status < 300
    const who = actor.key === undefined ? '' : ' by a key'
    if (!actor.isSuperuser || !isDone) count(`${act.kind}: ${isDone ? 'done' : 'refused'}${who}`)
    if (!isDone) return
    act.apply(model, answer.body)
    if (act.kind === 'a new account' && random() < 0.4) await giveFactor(model.people.get(answer.body.id)!)
    const { endsSessionsOf } = act
    if (endsSessionsOf === undefined) return
    for (const level of ['aal1', 'aal2']) {
      const over = tokens.get(`${endsSessionsOf} ${level}`)
      tokens.delete(`${endsSessionsOf} ${level}`)
      if (over === undefined) continue
      time.pass(boundMs)
      const { status } = await call('GET', '/me/', over.token)
      assert.equal(status, 401, `${act.kind}, ${act.path}: the session lives on`)
    }
  }

  /** A person in some session of theirs, or a program of somebody who is active. */
  function someActor(model: Model): Actor | undefined {
    const key = pick(
      random,
      [...model.keys.values()].filter(({ ownerId }) => model.people.get(ownerId)!.isActive),
    )
    if (key !== undefined && random() < 0.2) return byKey(key)
    const person = personOf(model, each => each.isActive && (!each.isSuperuser || random() < 0.3))
    return person && inSession(person, someLevel(person))
  }

  try {
    nodes.push(await start(), await start())
    const root = { id: await addRoot(nodes[0]!), hasFactor: false }
    const model = await readModel(await signIn(root, 'aal2'))
    await foundRanks(model)
    for (let step = 0; step < steps; step++) {
      time.pass(Math.round(boundMs + random() * 2_000))
      disturb()
      const actor = someActor(model)
      if (actor === undefined) continue
      await carryOut(model, actor, randomAct(model, actor, random))
      time.pass(boundMs)
      const root = personOf(model, person => person.isActive && person.isSuperuser)!
      if (step % 4 === 0) {
        const seen = await readModel(await tokenOf(root, 'aal2'))
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
    const ranks: readonly (readonly [Level, ...string[]])[] = [
      ['aal2', 'users:all', 'roles:all', 'resources:all', 'actions:all', 'tokens:delete', 'api_keys:create'],
      [
        'aal1',
        'users:update',
        'users:create',
        'roles:update',
        'roles:create',
        'sessions:read',
        'api_keys:all',
      ],
      ['aal1', 'users:read', 'users:update', 'tokens:delete', 'resources:create', 'resources:delete'],
      ['aal2', 'sessions:all', 'audit:read', 'users:delete', 'roles:all'],
    ]
    for (const [at, [level, ...permissions]] of ranks.entries()) {
      const codeName = roleNames[at]!
      const body = { name: codeName, code_name: codeName, permissions, requires_aal: level }
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
      const answer = await call(method, path, await tokenOf(root, 'aal2'), body)
      assert.equal(answer.status, 201, answer.text)
    }
    time.pass(boundMs)
    const seen = await readModel(await tokenOf(root, 'aal2'))
    for (const part of ['resources', 'actions', 'roles', 'people'] as const)
      for (const [id, value] of seen[part]) (model[part] as Map<number, unknown>).set(id, value)
    for (const person of model.people.values()) if (random() < 0.6) await giveFactor(person)
  }
}

type Stores = Parameters<Parameters<Node['core']['transaction']>[0]>[0]

/** Remembers a device for the account and uses it, as a sign-in with its cookie does; gives its id. */
async function useNewDevice({ rememberedDevices }: Stores, userId: UserId, nowMs: number): Promise<number> {
  const [basis, secretHash] = ['some basis' as Basis, `hash ${Math.random()}`]
  const device = { userId, secretHash, basis, expiresAtMs: nowMs + 86_400_000, origin }
  const id = await rememberedDevices.add(device, nowMs)
  const use = { id, secretHash, userId, basis, nextBasis: basis }
  assert.ok(await rememberedDevices.use(use, nowMs))
  return id
}

/** What the answer means. A 401 asks for a second factor, for its role or, with an age, for a dangerous act. */
function outcomeIn({ status, body }: { readonly status: number; readonly body: Anything }): Outcome {
  if (status !== 401 || body.code !== 'insufficient_user_authentication') return status
  if (body.max_age !== undefined) return 'step-up'
  assert.equal(body.acr_values, 'aal2')
  return 'level'
}

interface Question {
  readonly resource: string
  readonly action: string
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

/** Resource, action, least level and reasons of all that the roles give; nothing to a closed account. */
function byRoles(model: Model, person: Person): [string, string, Level, string[]][] {
  const plain = { ...person, isSuperuser: false }
  return namesIn(model.resources)
    .toSorted()
    .flatMap(resource =>
      namesIn(model.actions)
        .toSorted()
        .map(action => ({ resource, action, ...mayDo(model, plain, resource, action) })),
    )
    .filter(({ allowed }) => allowed)
    .map(({ resource, action, reasons }) => {
      const isForAll = mayDo(model, plain, resource, action, 'aal1').allowed
      return [resource, action, isForAll ? 'aal1' : 'aal2', sorted(reasons)]
    })
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
    role =>
      `${model.roles.get(role)!.codeName}@${model.roles.get(role)!.level}(${permissionsOf(model, role).join()})`,
  )
  return `person ${id}${isActive ? '' : ', closed'}${isSuperuser ? ', superuser' : ''} [${held.join(' ')}]`
}

/** With each list in order. */
function comparable(model: Model): unknown {
  const inOrder = <T>(map: ReadonlyMap<number, T>) => [...map].sort(([a], [b]) => a - b)
  return {
    resources: inOrder(model.resources),
    actions: inOrder(model.actions),
    roles: inOrder(model.roles).map(([id, { codeName, level, permissions }]) => [
      id,
      codeName,
      level,
      [...permissions].map(pair => nameOf(model, pair)).sort(),
    ]),
    people: inOrder(model.people).map(([, { hasFactor: _, ...person }]) => ({
      ...person,
      roles: [...person.roles].sort(),
    })),
    keys: inOrder(model.keys).map(([, { secret: _, ...key }]) => ({
      ...key,
      roles: [...key.roles].sort(),
      permissions: [...key.permissions].map(pair => nameOf(model, pair)).sort(),
    })),
  }
}
