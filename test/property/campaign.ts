import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Acr, CatalogueEntry, RoleState } from '@propusk/gate/core'
import { chance, pick, subset } from '../../gate/test/chance.ts'
import { actionKind, type EntryKind, resourceKind } from '../../server/src/access/catalogue.ts'
import { createEntry, deleteEntry, updateEntry } from '../../server/src/access/entries.ts'
import { readCatalogue, replaceRoles } from '../../server/src/access/index.ts'
import { createRole, deleteRole, updateRole } from '../../server/src/access/roles.ts'
import type { Stores } from '../../server/src/core.ts'
import { runHousekeeping } from '../../server/src/housekeeping.ts'
import { initialFields } from '../../server/src/identity/index.ts'
import { updateUser } from '../../server/src/identity/update-user.ts'
import {
  type Principal,
  Rejection,
  type RoleId,
  type SessionId,
  type UserId,
} from '../../server/src/kernel/index.ts'
import { endEverybody } from '../../server/src/sessions/end-everybody.ts'
import { byPassword, endAllSessions, endSessionByUuid } from '../../server/src/sessions/index.ts'
import { startSession } from '../../server/src/tokens/index.ts'
import { origin } from '../support/people.ts'
import { type Mutant, type Node, startNode } from './site.ts'
import { maxSkewMs, trueTime } from './skewed-clock.ts'

export interface CampaignOptions {
  readonly databaseUrl: string
  readonly seed: number
  readonly steps: number
  readonly nodes?: number
  readonly mutant?: Mutant
  /** How the node of this number reaches the database, where it may be led to a standby that lags. */
  readonly wires?: readonly Wire[]
}

export interface Wire {
  readonly databaseUrl: string
  lead(to: 'primary' | 'standby'): Promise<void>
}

interface Session {
  readonly uuid: SessionId
  readonly userId: UserId
  isEnded: boolean
  /** A step-up raises it; tokens from before say what they said. */
  acr: Acr
  readonly tokens: { readonly token: string; readonly acr: Acr }[]
}

/** A transaction that has done its work and is not committed yet. */
interface HeldBack {
  readonly userId: UserId
  readonly sinceMs: number
  commit(): Promise<void>
}

const byTwoFactors = { acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] } as const
const caller = { principal: null, origin: null }
const permissions = ['users:read', 'users:update', 'roles:read', 'audit:read', 'sessions:all']
const lives = ['30s', '2m', '2m', '10m', '1h']
const kinds: readonly EntryKind<number>[] = [
  resourceKind as EntryKind<number>,
  actionKind as EntryKind<number>,
]
const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta']

/** A real one is cut off after five seconds. */
const heldBackAtMostMs = 4_000

/** What every node must have received, and one more. */
const boundMs = 1_001

/**
 * The property that must hold (ADR 28): a gate that was loaded from a snapshot at any moment answers every question as one
 * that has received everything from the beginning, and no gate passes what was ended more than a second ago by the order of
 * the database. What the answers should be is asked of the database itself, after each step.
 */
export async function runCampaign({
  databaseUrl,
  seed,
  steps,
  nodes: count = 2,
  mutant,
  wires = [],
}: CampaignOptions) {
  const random = chance(seed)
  const time = trueTime()
  const log: string[] = []
  const start = (index: number) => {
    const url = wires[index]?.databaseUrl ?? databaseUrl
    return startNode({ databaseUrl: url, time, random, accessTtl: pick(random, lives), mutant })
  }
  /** Numbers of the nodes that a standby answers. */
  const astray = new Set<number>()
  const nodes: Node[] = []
  const users: UserId[] = []
  const sessions: Session[] = []
  let heldBack: HeldBack | undefined
  let root: Session | undefined
  let made = 0

  const note = (text: string) => void log.push(`${(time.tickMs / 1000).toFixed(3)} ${text}`)
  const anyNode = () =>
    pick(
      random,
      nodes.filter((_, index) => !astray.has(index)),
    )
  const nameOf = (node: Node) =>
    `node ${nodes.indexOf(node)} (${(node.clock.skewMs / 1000).toFixed(0)} s, ${node.core.config.accessTtlSeconds} s)`
  const isEngine = (engine: string) => nodes[0]!.core.database.engine === engine
  /** One whose row no transaction holds. */
  const freeUser = () =>
    pick(
      random,
      users.filter(id => id !== heldBack?.userId),
    )
  const ofUser = (userId: UserId) => sessions.filter(session => session.userId === userId && !session.isEnded)
  const liveSessions = () =>
    sessions.filter(session => !session.isEnded && session !== root && session.userId !== heldBack?.userId)
  const liveSession = () => pick(random, liveSessions()) as Session | undefined

  async function addUser(isSuperuser = false): Promise<UserId> {
    const { core, clock } = anyNode()
    const flags = { isActive: true, isStaff: false, isSuperuser }
    const email = `person-${++made}@example.com`
    const user = await core.transaction(({ users }) =>
      users.add({ email, passwordHash: '!', ...initialFields, ...flags }, clock.nowMs()),
    )
    assert.ok(user !== 'taken')
    return user.id
  }

  /** As `login` does: what the token says is read in the transaction that starts the session, and signed after it. */
  async function signIn(
    node: Node,
    userId: UserId,
    beforeCommit?: () => Promise<void>,
  ): Promise<Session | undefined> {
    const { core, clock, issuer } = node
    const nowMs = clock.nowMs()
    const authentication = random() < 0.4 ? byTwoFactors : byPassword
    const { acr } = authentication
    const started = await core.transaction(async stores => {
      const user = await stores.users.lock(userId)
      if (!user?.isActive) return undefined
      const deps = { random: core.random, sessionLimits: { ttlMs: 30 * 86_400_000, perAccount: 100 } }
      const { session } = await startSession(stores, deps, { userId, origin, nowMs, authentication })
      const grants = await stores.userGrants.get(userId)
      await beforeCommit?.()
      return { session, grants }
    })
    if (started === undefined) return undefined
    const token = issuer.accessToken(started.session, started.grants, nowMs)
    const session = { uuid: started.session.uuid, userId, isEnded: false, acr, tokens: [{ token, acr }] }
    sessions.push(session)
    return session
  }

  async function refresh(node: Node, session: Session): Promise<void> {
    const { core, clock, issuer } = node
    const nowMs = clock.nowMs()
    const found = await core.transaction(async stores => {
      const touched = await stores.sessions.touch(session.uuid, nowMs)
      return touched && { touched, grants: await stores.userGrants.get(session.userId) }
    })
    if (found === undefined) return
    const token = issuer.accessToken(found.touched, found.grants, nowMs)
    session.tokens.push({ token, acr: session.acr })
  }

  const someLevel = () => pick(random, ['aal2', null] as const)

  const rolesNow = async () =>
    (await anyNode().core.stores.permissions.readRoles()) as readonly { roleId: number; role: string }[]

  const act = (clock: Node['clock']) => ({ actorId: null, origin, nowMs: clock.nowMs() })

  /** Does its work in a transaction that stays open; `ended` says what is over once it is committed. */
  async function holdBack(
    node: Node,
    userId: UserId,
    work: (stores: Stores) => Promise<unknown>,
    committed: () => void,
  ) {
    const reached = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const running = node.core.transaction(async stores => {
      await work(stores)
      reached.resolve()
      await mayCommit.promise
    })
    await Promise.race([reached.promise, running])
    heldBack = {
      userId,
      sinceMs: time.tickMs,
      async commit() {
        mayCommit.resolve()
        await running
        committed()
      },
    }
  }

  async function commitHeldBack(): Promise<void> {
    const held = heldBack
    if (held === undefined) return
    heldBack = undefined
    // A slow machine may have cut it off: then it was rolled back.
    const isDone = await held.commit().then(
      () => true,
      (error: unknown) => {
        if (error instanceof Rejection && error.code === 'unavailable') return false
        throw error
      },
    )
    note(`what was held back ${isDone ? 'commits' : 'was cut off'}`)
  }

  const endAll = (userId: UserId) => {
    for (const session of ofUser(userId)) session.isEnded = true
  }

  async function leadBack(index: number): Promise<void> {
    note(`node ${index} is led back to the primary`)
    astray.delete(index)
    await wires[index]!.lead('primary')
  }

  const commands: Readonly<Record<string, () => Promise<unknown>>> = {
    async signIn() {
      const [node, userId] = [anyNode(), freeUser()]
      note(`user ${userId} signs in on ${nameOf(node)}`)
      await signIn(node, userId)
    },
    async refresh() {
      const [node, session] = [anyNode(), liveSession()]
      if (session === undefined) return
      note(`a session of user ${session.userId} is refreshed on ${nameOf(node)}`)
      await refresh(node, session)
    },
    async stepUp() {
      const [node, session] = [anyNode(), liveSession()]
      if (session === undefined) return
      note(`a session of user ${session.userId} is raised on ${nameOf(node)}`)
      const raised = await node.core.transaction(({ sessions }) =>
        sessions.authenticateAgain(session.uuid, byTwoFactors, node.clock.nowMs()),
      )
      if (raised === undefined) return
      session.acr = 'aal2'
      await refresh(node, session)
    },
    async endSession() {
      const [node, session] = [anyNode(), liveSession()]
      if (session === undefined) return
      note(`a session of user ${session.userId} ends on ${nameOf(node)}`)
      await node.core.transaction(stores => endSessionByUuid(stores, session.uuid, 'logout', act(node.clock)))
      session.isEnded = true
    },
    async endAll() {
      const [node, userId] = [anyNode(), freeUser()]
      note(`user ${userId} is logged out everywhere on ${nameOf(node)}`)
      await node.core.transaction(stores => endAllSessions(stores, userId, 'revoked', act(node.clock)))
      endAll(userId)
    },
    async endEverybody() {
      if (heldBack !== undefined || root === undefined || random() < 0.8) return
      const node = anyNode()
      note(`everybody is signed out on ${nameOf(node)}`)
      const principal: Principal = {
        userId: root.userId,
        sessionId: root.uuid,
        roles: [],
        isSuperuser: true,
        accessUntilMs: Number.POSITIVE_INFINITY,
      }
      await endEverybody(node.core, { principal, origin, id: undefined })
      for (const session of sessions) if (session !== root) session.isEnded = true
    },
    async giveRoles() {
      const [node, userId] = [anyNode(), freeUser()]
      const roles = (await rolesNow()).map(({ role }) => role).filter(() => random() < 0.5)
      note(`user ${userId} is given ${roles.join() || 'nothing'} on ${nameOf(node)}`)
      await node.core.transaction(stores =>
        replaceRoles(stores, { principal: null, userId, roles, nowMs: node.clock.nowMs() }),
      )
    },
    async promote() {
      const [node, userId, isSuperuser] = [anyNode(), freeUser(), random() < 0.4]
      // They would wait for the superuser who is held, if it is one.
      if (userId === root?.userId || heldBack !== undefined) return
      note(`user ${userId} ${isSuperuser ? 'becomes' : 'is no'} superuser on ${nameOf(node)}`)
      await updateUser(node.core, caller, { userId, changes: { isSuperuser } })
    },
    async close() {
      const [node, userId, isActive] = [anyNode(), freeUser(), random() < 0.6]
      if (userId === root?.userId || heldBack !== undefined) return
      note(`user ${userId} is ${isActive ? 'opened' : 'closed'} on ${nameOf(node)}`)
      await updateUser(node.core, caller, { userId, changes: { isActive } })
      if (!isActive) endAll(userId)
    },
    async makeRole() {
      const [node, role] = [anyNode(), pick(random, names)]
      if ((await rolesNow()).some(known => known.role === role)) return
      note(`role ${role} is made on ${nameOf(node)}`)
      const fields = {
        name: role,
        codeName: role,
        description: null,
        permissions: subset(random, permissions),
        requiresAal: someLevel(),
      }
      await createRole(node.core, caller, fields)
    },
    async changeRole() {
      const [node, roles] = [anyNode(), await rolesNow()]
      if (roles.length === 0) return
      const { roleId, role } = pick(random, roles)
      const free = names.filter(name => !roles.some(known => known.role === name))
      const codeName = random() < 0.5 && free.length > 0 ? pick(random, free) : role
      const permitted = random() < 0.6 ? { permissions: subset(random, permissions) } : {}
      const level = random() < 0.5 ? { requiresAal: someLevel() } : {}
      note(`role ${role} becomes ${codeName} ${JSON.stringify(level)} on ${nameOf(node)}`)
      await updateRole(node.core, caller, roleId as RoleId, {
        name: codeName,
        codeName,
        ...permitted,
        ...level,
      })
    },
    async deleteRole() {
      const [node, roles] = [anyNode(), await rolesNow()]
      if (roles.length === 0) return
      const { roleId, role } = pick(random, roles)
      note(`role ${role} is deleted on ${nameOf(node)}`)
      await deleteRole(node.core, caller, roleId as RoleId)
    },
    async changeCatalogue() {
      const [node, kind] = [anyNode(), pick(random, kinds)]
      const store = kind.storeOf(node.core.stores)
      const made = (await store.readNames()).filter(({ codeName }) => names.includes(codeName))
      const free = names.filter(name => !made.some(({ codeName }) => codeName === name))
      const entry = made.length === 0 || random() < 0.4 ? undefined : pick(random, made)
      const codeName = free.length === 0 || random() < 0.4 ? undefined : pick(random, free)
      if (entry === undefined && codeName === undefined) return
      note(`${kind.part} ${entry?.codeName ?? '(none)'} becomes ${codeName ?? '(none)'} on ${nameOf(node)}`)
      if (codeName === undefined) await deleteEntry(node.core, kind, caller, entry!.id)
      else {
        const fields = { name: codeName, codeName, description: null }
        if (entry === undefined) await createEntry(node.core, kind, caller, fields)
        else await updateEntry(node.core, kind, caller, entry.id, fields)
      }
    },
    async hold() {
      // One transaction writes at a time on SQLite.
      if (heldBack !== undefined || isEngine('sqlite')) return
      const [node, userId] = [anyNode(), freeUser()]
      const kind = pick(random, ['end', 'sign in', 'promote'] as const)
      note(`user ${userId}: ${kind} on ${nameOf(node)}, held back`)
      if (kind === 'end') {
        await holdBack(
          node,
          userId,
          stores => endAllSessions(stores, userId, 'revoked', act(node.clock)),
          () => endAll(userId),
        )
      } else if (kind === 'sign in') {
        const reached = Promise.withResolvers<void>()
        const mayCommit = Promise.withResolvers<void>()
        const running = signIn(node, userId, () => {
          reached.resolve()
          return mayCommit.promise
        })
        await Promise.race([reached.promise, running])
        const commit = async () => {
          mayCommit.resolve()
          await running
        }
        heldBack = { userId, sinceMs: time.tickMs, commit }
      } else {
        if (userId === root?.userId) return
        const isSuperuser = random() < 0.5
        await holdBack(
          node,
          userId,
          async stores => {
            await stores.users.lock(userId)
            await stores.users.updateLocked(
              (await stores.users.findById(userId))!,
              { isSuperuser },
              node.clock.nowMs(),
            )
            const [grants, roleIds] = [
              await stores.userGrants.get(userId),
              await stores.assignments.rolesOf(userId),
            ]
            const { roles } = grants
            await stores.changes.append(
              { kind: 'user_roles', userId, roles, roleIds, isSuperuser },
              node.clock.nowMs(),
            )
          },
          () => {},
        )
      }
    },
    async commitLate() {
      if (isEngine('sqlite') || heldBack !== undefined) return
      for (const session of liveSessions()) if (random() < 0.7) await refresh(anyNode(), session)
      await commands.hold!()
      // Others commit higher ids meanwhile and every node reads them; then clocks are set forward.
      await commands.endAll!()
      if (heldBack === undefined) return
      time.pass(boundMs)
      await check()
      for (const { clock } of nodes)
        clock.skewMs = Math.min(maxSkewMs, clock.skewMs + Math.round(random() * 60_000))
      note('clocks are set forward')
      time.pass(boundMs)
      await check()
      await commitHeldBack()
    },
    commit: commitHeldBack,
    async step() {
      const node = anyNode()
      node.clock.skewMs = Math.round((random() * 2 - 1) * maxSkewMs)
      note(`the clock of node ${nodes.indexOf(node)} is set to ${(node.clock.skewMs / 1000).toFixed(0)} s`)
    },
    async pass() {
      const isLong = random() < 0.3
      const ms =
        pick(random, isLong ? [300_000, 700_000, 1_500_000] : [50, 400, 3_000, 30_000]) * (0.5 + random())
      if (heldBack !== undefined && time.tickMs + ms - heldBack.sinceMs > heldBackAtMostMs)
        await commitHeldBack()
      time.pass(Math.round(ms))
      note(`${(ms / 1000).toFixed(1)} s pass`)
      // Who is there comes back: nothing can be asked without a token that lives.
      if (isLong) for (const session of liveSessions()) if (random() < 0.5) await refresh(anyNode(), session)
    },
    async restart() {
      if (heldBack !== undefined) return
      const index = nodes.indexOf(anyNode())
      await nodes[index]!.server.close()
      nodes[index] = await start(index)
      note(`${nameOf(nodes[index]!)} has started anew`)
    },
    async lead() {
      if (wires.length === 0 || heldBack !== undefined) return
      const index = Math.floor(random() * nodes.length)
      if (astray.has(index)) await leadBack(index)
      else if (astray.size + 1 < nodes.length) {
        note(`node ${index} is led to the standby`)
        astray.add(index)
        await wires[index]!.lead('standby')
      }
    },
    async runHousekeeping() {
      // It would wait for the rows that are held.
      if (heldBack !== undefined) return
      const { core, server } = anyNode()
      const failures = await runHousekeeping({ ...core, rotateDueKey: () => server.keys.rotateIfDue() })
      assert.deepEqual(failures, [])
    },
  }

  /** Asks every gate about every token, and the database what should come. */
  async function check(): Promise<void> {
    const [userGrants, roles, catalogue] = await readTruth(anyNode())
    for (const [index, { server, clock }] of nodes.entries()) {
      if (astray.has(index)) {
        await assert.rejects(server.follower.assureFresh(), `node ${index} believes a standby`)
        assert.equal(server.gate.isFresh(clock.monotonicMs()), false)
        continue
      }
      await freshen(server)
      const nowMs = clock.nowMs()
      assert.deepEqual(
        new Map(server.gate.snapshot().roles.map(role => [role.roleId, permittedBy(role)])),
        roles,
        `what node ${index} thinks that roles permit`,
      )
      assert.deepEqual(
        sorted(server.gate.catalogue()),
        catalogue,
        `what node ${index} thinks that there is to permit`,
      )
      for (const session of sessions) {
        for (const { token, acr } of session.tokens.slice(-3)) {
          const verdict = server.gate.verify(token, nowMs)
          const authentication = server.gate.authenticate(token, nowMs, clock.monotonicMs())
          if (!verdict.ok) {
            // One that was good before the clock was set back is remembered as good.
            if (verdict.rejection !== 'not_yet_valid') assert.equal(authentication.ok, false)
            if (!authentication.ok) continue
          }
          checked += 1
          const whose = `node ${index}, user ${session.userId}, session ${session.uuid}`
          assert.equal(
            authentication.ok ? 'alive' : authentication.rejection,
            session.isEnded ? 'ended' : 'alive',
            whose,
          )
          if (!authentication.ok) continue
          const { roles: held, isSuperuser } = authentication.grants
          const [heldNow, isSuperuserNow] = userGrants.get(session.userId)!
          assert.deepEqual(
            [held.toSorted(), isSuperuser],
            [heldNow, isSuperuserNow],
            `${whose}: what they hold`,
          )
          if (isSuperuserNow) continue
          for (const permission of permissions) {
            const [resource, action] = permission.split(':') as [string, string]
            assert.equal(
              server.gate.allows(authentication.grants, resource, action),
              isPermitted([...roles.values()], heldNow, permission, acr),
              `${whose}: whether ${acr} may ${permission}`,
            )
          }
        }
      }
    }
  }
  let checked = 0
  /** Most of what is done makes tokens: without any there is nothing to ask. */
  const dealt = [
    ...Object.values(commands),
    ...[commands.signIn!, commands.signIn!, commands.signIn!, commands.refresh!, commands.refresh!],
    ...[commands.giveRoles!, commands.step!, commands.hold!],
  ]

  try {
    for (let index = 0; index < count; index++) nodes.push(await start(index))
    root = await signIn(nodes[0]!, await addUser(true))
    users.push(root!.userId)
    for (let index = 0; index < 4; index++) users.push(await addUser())
    for (let index = 0; index < steps; index++) {
      await pick(random, dealt)()
      // Not after each step: what comes close together must be right as well.
      if (random() < 0.5) continue
      if (heldBack !== undefined && time.tickMs + boundMs - heldBack.sinceMs > heldBackAtMostMs)
        await commitHeldBack()
      time.pass(boundMs)
      await check()
    }
    await commitHeldBack()
    for (const index of [...astray]) await leadBack(index)
    time.pass(boundMs)
    await check()
    return { checked }
  } catch (error) {
    const text = log.slice(-60).join('\n')
    throw new Error(`Seed ${seed}: ${(error as Error).message}\nWhat was done:\n${text}`, { cause: error })
  } finally {
    await heldBack?.commit().catch(() => {})
    for (const index of [...astray]) await leadBack(index)
    for (const node of nodes) await node.server.close()
  }
}

/** A connection of before may have to fail first, once the node is led elsewhere. */
async function freshen({ follower }: Node['server']): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    const isFresh = await follower.assureFresh().then(
      () => true,
      () => false,
    )
    if (isFresh) return
    await sleep(50)
  }
  await follower.assureFresh()
}

/** By user what they hold; by role what it is called and permits; what there is to permit. */
async function readTruth({ core }: Node) {
  const [users, held, roles] = await Promise.all([
    core.database.read.selectFrom('users').select(['id', 'is_superuser']).execute(),
    core.database.read
      .selectFrom('user_roles as ur')
      .innerJoin('roles as r', 'r.id', 'ur.role_id')
      .select(['ur.user_id', 'r.code_name'])
      .execute(),
    core.stores.permissions.readRoles(),
  ])
  const rolesOf = Map.groupBy(held, row => row.user_id)
  return [
    new Map(
      users.map(({ id, is_superuser }) => [
        id as UserId,
        [(rolesOf.get(id) ?? []).map(row => row.code_name).sort(), Boolean(is_superuser)] as const,
      ]),
    ),
    new Map(roles.map(role => [role.roleId, permittedBy(role)])),
    sorted(await readCatalogue(core.stores)),
  ] as const
}

/** What a role is called, and what it permits in every session and in one of a second factor. */
const permittedBy = ({ role, permissions, aal2Permissions = [] }: RoleState) =>
  [role, permissions, aal2Permissions] as const

/** By brute force, from the rows. */
function isPermitted(
  roles: readonly ReturnType<typeof permittedBy>[],
  held: readonly string[],
  permission: string,
  acr: Acr,
): boolean {
  const covering = [permission, `${permission.split(':')[0]}:all`]
  return roles
    .filter(([role]) => held.includes(role))
    .flatMap(([, always, withFactor]) => [...always, ...(acr === 'aal2' ? withFactor : [])])
    .some(name => covering.includes(name))
}

const sorted = (catalogue: readonly CatalogueEntry[]): readonly string[] =>
  catalogue.map(({ part, entryId, codeName }) => `${part} ${entryId} ${codeName}`).sort()
