import assert from 'node:assert/strict'
import { type Account, goodPassword, testWorld, type World } from '../support/world.ts'
import type { Chance } from './chance.ts'
import { collectionOf } from './collection-of.ts'

/** What requests are made of: tokens and rows of a server that is in use. */
export interface Supplies {
  /** Makes new people and rows, and lets go of the oldest: what a request has ended or deleted comes again. */
  replenish(): Promise<void>
  /** Takes up the ids, cursors and tokens that an answer has shown. */
  learn(path: string, body: unknown): void
  /** Counts a token that was refused among the dead ones. */
  bury(token: string): void
  /** Whether there still is a superuser to ask as. */
  isStocked(): boolean
  bearer(): string
  refreshToken(): string
  id(collection: string): number
  cursor(): string
  email(): string
  /** Ours, or one that is good and has not been used. */
  password(): string
  fresh(): string
  codeName(collection: string): string
  permission(): string
}

const kept = <T>(items: T[], item: T, most = 12) => {
  items.push(item)
  if (items.length > most) items.shift()
}

const resources = ['users', 'roles', 'sessions', 'tokens', 'audit', 'permissions', 'actions', 'resources']
const actions = ['read', 'create', 'update', 'delete', 'all']

export async function createSupplies(world: World, chance: Chance): Promise<Supplies> {
  let counter = 0
  const fresh = () => `fuzz-${++counter}`
  const stranger = await (
    await testWorld({ clock: world.clock, env: { PROPUSK_LOG_LEVEL: 'error' } })
  ).superuser()
  const superusers: string[] = []
  const people: Account[] = []
  const accessTokens: string[] = []
  const strange: string[] = [stranger.access, stranger.refresh]
  const refreshTokens: string[] = [stranger.refresh]
  const cursors: string[] = []
  const ids = new Map<string, number[]>()
  const names = new Map<string, string[]>([
    ['resources', [...resources]],
    ['actions', [...actions]],
  ])
  const permission = () => `${chance.pick(names.get('resources')!)}:${chance.pick(names.get('actions')!)}`

  const keep = <T>(pool: Map<string, T[]>, collection: string, item: T) => {
    const items = pool.get(collection) ?? []
    pool.set(collection, items)
    kept(items, item, 24)
  }
  const learnRow = (collection: string, row: unknown) => {
    if (typeof row !== 'object' || row === null) return
    if ('id' in row && Number.isSafeInteger(row.id)) keep(ids, collection, row.id as number)
    if ('code_name' in row && typeof row.code_name === 'string') keep(names, collection, row.code_name)
  }

  const makeHolder = async (token: string): Promise<Account> => {
    const person = await world.register(`${fresh()}@example.com`)
    const codeName = fresh()
    const permissions = resources.slice(0, 1 + chance.below(resources.length)).map(each => `${each}:all`)
    const role = { name: codeName, code_name: codeName, permissions }
    const made = await world.call('POST', '/roles/', { token, body: role })
    assert.equal(made.status, 201, made.text)
    const given = await world.call('PATCH', `/users/${person.id}/`, { token, body: { roles: [codeName] } })
    assert.equal(given.status, 200, given.text)
    return world.login(person)
  }

  return {
    async replenish() {
      const superuser = await world.superuser()
      kept(superusers, superuser.access, 3)
      const person = await world.register(`${fresh()}@example.com`)
      for (const each of [person, await makeHolder(superuser.access)]) {
        kept(people, each)
        kept(accessTokens, each.access)
        kept(refreshTokens, each.refresh)
      }
      const leaver = await world.login(person)
      const consumed = await world.call('POST', '/token/refresh/', { body: { refresh: leaver.refresh } })
      await world.call('POST', '/logout/', { token: consumed.body.access })
      const tampered = person.access.replace(/.$/, last => (last === 'A' ? 'B' : 'A'))
      for (const token of [leaver.access, leaver.refresh, tampered]) kept(strange, token)
      kept(refreshTokens, leaver.refresh)
      kept(refreshTokens, consumed.body.refresh)
    },
    learn(path, body) {
      const collection = collectionOf(path)
      learnRow(collection, body)
      if (typeof body !== 'object' || body === null) return
      const rows = Array.isArray(body) ? body : 'results' in body ? body.results : []
      if (Array.isArray(rows)) for (const row of rows.slice(0, 5)) learnRow(collection, row)
      if ('next' in body && typeof body.next === 'string') {
        const cursor = new URL(body.next, 'http://localhost').searchParams.get('cursor')
        if (cursor !== null) kept(cursors, cursor)
      }
      if ('refresh' in body && typeof body.refresh === 'string') kept(refreshTokens, body.refresh)
      if ('access' in body && typeof body.access === 'string') kept(accessTokens, body.access)
    },
    bury(token) {
      for (const tokens of [superusers, accessTokens]) {
        const index = tokens.indexOf(token)
        if (index < 0) continue
        tokens.splice(index, 1)
        kept(strange, token)
      }
    },
    isStocked: () => superusers.length > 0 && accessTokens.length > 0,
    bearer() {
      if (chance.often(0.55)) return chance.pick(superusers)
      if (chance.often(0.7)) return chance.pick(accessTokens)
      return chance.pick([...strange, chance.pick(people).refresh])
    },
    refreshToken: () => chance.pick(refreshTokens),
    id: collection => {
      const known = ids.get(collection)
      return known === undefined || chance.often(0.1) ? 1 + chance.below(50) : chance.pick(known)
    },
    cursor: () => (cursors.length === 0 ? 'none' : chance.pick(cursors)),
    email: () => (chance.often(0.5) ? chance.pick(people).email : `${fresh()}@example.com`),
    password: () => (chance.often(0.6) ? goodPassword : `${fresh()} quiet lamps at noon`),
    fresh,
    codeName: collection => chance.pick(names.get(collection) ?? ['nothing']),
    permission,
  }
}
