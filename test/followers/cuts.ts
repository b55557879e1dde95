import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectedGate, connectGate } from '@propusk/gate'
import { type Dice, dice } from '../crash/dice.ts'
import { demand } from '../nodes/ask.ts'
import { register, type SignedIn, signIn } from '../nodes/site.ts'
import { eventually } from '../support/eventually.ts'
import { startBalancer } from './balancer.ts'
import { makeKey } from './deactivations.ts'
import { makeAdministrator, type SlowNode, startSlowNode } from './slow-commits.ts'

/** How wrong the clocks of the two nodes are: one is ahead, the other behind. */
const skewMs = 20_000
const staleAfterMs = 2_000
const followerCount = 10
const peopleCount = 40
const writers = 8
const resources = ['users', 'roles', 'resources', 'actions', 'audit']
const actions = ['read', 'create', 'update', 'delete']
const roles = ['first', 'second', 'third', 'fourth', 'fifth']

interface Ending {
  readonly token: string
  readonly endedAtMs: number
}

export interface CutFigures {
  readonly counts: Readonly<Record<string, number>>
  readonly breaches: readonly string[]
}

/**
 * Lets two nodes write while followers are cut off at random. Gives what must not be: a follower that passed what was ended
 * more than its bound ago, or that in the end says anything else than a node that has just read the database.
 */
export async function cutFollowers(
  databaseUrl: string,
  options: { readonly changes: number; readonly cuts: number; readonly seed: number },
): Promise<CutFigures> {
  const chance = dice(options.seed)
  const random = () => chance.below(1_000_000) / 1_000_000
  const balancer = await startBalancer(random)
  const issuer = `http://127.0.0.1:${balancer.port}`
  const start = (skew: number) => startSlowNode(databaseUrl, { issuer, skewMs: skew, random })
  const nodes = [await start(skewMs), await start(-skewMs)]
  balancer.lead(nodes.map(({ url }) => Number(new URL(url).port)))
  const gates: ConnectedGate[] = []
  try {
    const scene = await prepare(nodes, chance)
    const key = await makeKey(nodes[0]!.url, scene.admin)
    while (gates.length < followerCount) gates.push(await connectGate({ issuer, key, staleAfterMs }))
    const state = { isOver: false, written: 0 }
    const breaches = new Set<string>()
    const watching = watch(gates, scene.endings, state, breaches)
    const cutting = cut(balancer, options, state)
    await write(scene, options.changes, state)
    const cuts = await cutting
    state.isOver = true
    const asked = await watching
    const compared = await compare(databaseUrl, issuer, gates, scene, breaches)
    return {
      counts: { changes: state.written, cuts, ended: scene.endings.length, askedAboutEnded: asked, compared },
      breaches: [...breaches],
    }
  } finally {
    for (const gate of gates) gate.close()
    for (const { server } of nodes) await server.close()
    await balancer.close()
  }
}

interface Scene {
  readonly urls: readonly string[]
  readonly chance: Dice
  readonly admin: SignedIn
  readonly people: readonly SignedIn[]
  readonly roleIds: readonly number[]
  readonly endings: Ending[]
}

async function prepare(nodes: readonly SlowNode[], chance: Dice): Promise<Scene> {
  const { url } = nodes[0]!
  const urls = nodes.map(node => node.url)
  const admin = await makeAdministrator(nodes[0]!)
  const roleIds: number[] = []
  for (const name of roles) {
    const body = { name, code_name: name, permissions: [] }
    roleIds.push(
      (await demand(url, { method: 'POST', path: '/roles/', token: admin.access, body }, 201)).body.id,
    )
  }
  const people: SignedIn[] = []
  while (people.length < peopleCount) people.push(await register(chance.pick(urls)!))
  return { urls, chance, admin, people, roleIds, endings: [] }
}

/** Each change is a call of its own at a random node: roles of people, permissions of roles, ends of sessions. */
async function write(scene: Scene, count: number, state: { written: number }): Promise<void> {
  let left = count
  const writer = async () => {
    while (left > 0) {
      left -= 1
      await change(scene)
      state.written += 1
    }
  }
  await Promise.all(Array.from({ length: writers }, writer))
}

function change(scene: Scene): Promise<unknown> {
  const { chance, urls, admin, people, roleIds } = scene
  const url = chance.pick(urls)!
  const patch = (path: string, body: object) =>
    demand(url, { method: 'PATCH', path, token: admin.access, body }, 200)
  const kind = chance.weighted({ person: 75, role: 15, ending: 10 })
  if (kind === 'ending') return endSession(scene, url)
  if (kind === 'person') {
    return patch(`/users/${chance.pick(people)!.id}/`, { roles: chance.sample(roles, chance.below(4)) })
  }
  const names = resources.flatMap(resource => actions.map(action => `${resource}:${action}`))
  return patch(`/roles/${chance.pick(roleIds)!}/`, { permissions: chance.sample(names, chance.below(8)) })
}

async function endSession({ chance, people, endings }: Scene, url: string): Promise<void> {
  const { access: token } = await signIn(url, chance.pick(people)!.email)
  await demand(url, { method: 'POST', path: '/logout/', token }, 204)
  endings.push({ token, endedAtMs: performance.now() })
}

/** Cuts at a pace that spreads the cuts over all changes. */
async function cut(
  balancer: { cutOne(): boolean },
  { changes, cuts }: { readonly changes: number; readonly cuts: number },
  state: { readonly written: number },
): Promise<number> {
  let made = 0
  while (made < cuts) {
    const isDue = state.written >= changes || made * changes <= state.written * cuts
    if (isDue && balancer.cutOne()) made += 1
    await sleep(isDue && state.written < changes ? 1 : 10)
  }
  return made
}

/** Asks every follower about sessions that were ended more than its bound ago, the latest of them first of all. */
async function watch(
  gates: readonly ConnectedGate[],
  endings: readonly Ending[],
  state: { readonly isOver: boolean },
  breaches: Set<string>,
): Promise<number> {
  let asked = 0
  while (!state.isOver) {
    await sleep(20)
    const nowMs = performance.now()
    const over = endings.filter(({ endedAtMs }) => nowMs - endedAtMs > staleAfterMs)
    for (const { token } of over.slice(-5)) {
      for (const [at, gate] of gates.entries()) {
        asked += 1
        const { status } = await gate.check(token, 'users', 'read')
        if (status !== 401 && status !== 503)
          breaches.add(`follower ${at} answered ${status} for an ended session`)
      }
    }
  }
  return asked
}

/** Every follower against a node that has just read the database: each person, resource and action, and each ended session. */
async function compare(
  databaseUrl: string,
  issuer: string,
  gates: readonly ConnectedGate[],
  { people, endings }: Scene,
  breaches: Set<string>,
): Promise<number> {
  const { core, server } = await startSlowNode(databaseUrl, { issuer, skewMs: 0, random: () => 0 })
  let compared = 0
  const expected = (token: string, resource: string, action: string) => {
    const { nowMs, monotonicMs } = core.clock
    const seen = server.gate.authenticate(token, nowMs(), monotonicMs())
    if (!seen.ok) return seen.rejection === 'stale' ? 503 : 401
    return server.gate.allows(seen.grants, resource, action) ? 200 : 403
  }
  const compareAt = async (at: number, token: string, resource: string, action: string) => {
    compared += 1
    const gate = gates[at]!
    const isSame = async () =>
      (await gate.check(token, resource, action)).status === expected(token, resource, action)
    if (await eventually(isSame, 10_000)) return
    const { status } = await gate.check(token, resource, action)
    breaches.add(
      `follower ${at}: ${resource}:${action} is ${status} instead of ${expected(token, resource, action)}`,
    )
  }
  try {
    for (const at of gates.keys()) {
      for (const { access } of people)
        for (const resource of resources)
          for (const action of actions) await compareAt(at, access, resource, action)
      for (const { token } of endings) await compareAt(at, token, 'users', 'read')
    }
    return compared
  } finally {
    await server.close()
  }
}
