import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type EngineName, engines } from './support/engines.ts'
import { type Account, goodPassword, testWorld, type World } from './support/world.ts'

type Row = Readonly<Record<string, unknown>> & { readonly id: number }
type PageBody = { next: string | null; previous: string | null; results: Row[] }

/** Every list of the API that takes an ordering. */
const lists = [
  ...[
    'users',
    'roles',
    'resources',
    'actions',
    'permissions',
    'sessions',
    'audit',
    'invitations',
    'me/events',
  ].map(name => `/api/auth/${name}/`),
  ...['projects', 'documents'].map(name => `/api/demo/${name}/`),
]

/** A world whose lists hold ties, empty columns and names of several scripts. */
async function peopledWorld(engine: EngineName) {
  const world = await testWorld({ engine })
  const administrator = await world.superuser()
  const token = administrator.access
  const names = ['Анна', 'Борис', 'anna', 'Anna', 'Ёж', 'Žofie', null, null, 'Анна', 'Z', '李', '']
  for (const [index, first_name] of names.entries()) {
    const body = { email: `list-${index}@example.com`, password: goodPassword, first_name }
    const made = await world.call('POST', '/users/', { token, body })
    assert.equal(made.status, 201, made.text)
    const account = await world.login({ email: body.email, password: goodPassword })
    if (index % 3 === 0) await world.call('POST', '/logout/', { token: account.access })
    if (index % 4 === 0) await world.call('DELETE', `/users/${account.id}/`, { token })
    const description = index % 2 === 0 ? null : 'The same for many.'
    for (const path of ['/roles/', '/resources/', '/actions/']) {
      const entry = { name: `${first_name ?? 'Nameless'} ${index}`, code_name: `entry-${index}`, description }
      assert.equal((await world.call('POST', path, { token, body: entry })).status, 201)
    }
    const permission = { resource: `entry-${index}`, action: ['read', 'create', 'entry-0'][index % 3] }
    assert.equal((await world.call('POST', '/permissions/', { token, body: permission })).status, 201)
    const invitee = { email: `invitee-${(index * 5) % 12}@example.com` }
    assert.equal((await world.call('POST', '/invitations/', { token, body: invitee })).status, 201)
  }
  for (const name of ['projects', 'documents']) {
    const answer = await world.call('POST', '/resources/', { token, body: { name, code_name: name } })
    assert.equal(answer.status, 201)
  }
  return { world, token }
}

const read = async (world: World, token: string, path: string): Promise<PageBody> => {
  const answer = await world.call('GET', path, { token })
  assert.equal(answer.status, 200, `${path} ${answer.text}`)
  return answer.body
}

/** Every row that comes by following one kind of link from this page to its end. */
async function follow(world: World, token: string, first: string, link: 'next' | 'previous', between = noop) {
  const rows: Row[] = []
  const pages: string[] = []
  for (let path: string | null = first; path !== null; ) {
    const page: PageBody = await read(world, token, path)
    rows.push(...(link === 'next' ? page.results : page.results.toReversed()))
    pages.push(path)
    assert.ok(pages.length < 200, 'the pages have no end')
    await between(page)
    path = page[link]
  }
  return { rows, last: pages.at(-1)! }
}

const noop = async (_page: PageBody): Promise<void> => {}

const orderingsOf = async (world: World, token: string, list: string): Promise<string[]> => {
  const answer = await world.call('GET', `${list}?ordering=nonsense`, { token })
  assert.equal(answer.status, 400)
  const [, names] = /takes: ([a-z_, ]+), with/.exec(answer.body.errors.ordering[0])!
  return names!.split(', ').flatMap(name => [name, `-${name}`])
}

/** Lists whose names are in the order in which people look for them; other texts are ordered by their characters. */
const ordersNames = (list: string, column: string): boolean =>
  /\/(?:users|roles|resources|actions)\/$/.test(list) &&
  /^(?:.+_)?name$/.test(column) &&
  column !== 'code_name'

const collator = new Intl.Collator('en', { sensitivity: 'base' })

/** Nothing comes before everything, and of equal values the one with the smaller id comes first. */
function assertOrdered(rows: readonly Row[], ordering: string, list: string): void {
  const column = ordering.replace(/^-/, '')
  const [low, high] = ordering.startsWith('-') ? [1, 0] : [0, 1]
  for (let index = 1; index < rows.length; index++) {
    const pair = [rows[index - 1]!, rows[index]!]
    const [before, after] = [pair[low]!, pair[high]!]
    const [smaller, larger] = [before[column] ?? '', after[column] ?? '']
    const differs = ordersNames(list, column) ? collator.compare(String(smaller), String(larger)) : 0
    if (differs !== 0) assert.ok(differs < 0, `${ordering}: ${String(smaller)} before ${String(larger)}`)
    else if (smaller === larger) assert.ok(before.id < after.id, `${ordering}: ids of equal rows`)
    else assert.ok(isBelow(smaller, larger), `${ordering}: ${String(smaller)} before ${String(larger)}`)
  }
}

const isBelow = (one: unknown, other: unknown): boolean =>
  typeof one === 'string' && typeof other === 'string'
    ? Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0
    : Number(one) < Number(other)

const idsOf = (rows: readonly Row[]) => rows.map(row => row.id)

for (const engine of engines) {
  describe(`the pages of a list, on ${engine}`, async () => {
    const { world, token } = await peopledWorld(engine)

    for (const list of lists) {
      it(`hold every row of ${list} once, in both directions, in every order`, async () => {
        const orderings = await orderingsOf(world, token, list)
        assert.ok(orderings.length >= 4, String(orderings))
        for (const ordering of orderings) {
          const whole = await read(world, token, `${list}?limit=200&ordering=${ordering}`)
          assert.deepEqual([whole.next, whole.previous], [null, null])
          assertOrdered(whole.results, ordering, list)
          const there = await follow(world, token, `${list}?limit=4&ordering=${ordering}`, 'next')
          assert.deepEqual(idsOf(there.rows), idsOf(whole.results), ordering)
          const back = await follow(world, token, there.last, 'previous')
          assert.deepEqual(idsOf(back.rows), idsOf(whole.results).reverse(), ordering)
        }
      })
    }

    it('hold every active user who can, once', async () => {
      const list = '/api/auth/access/who_can/?resource=users&action=read'
      for (let count = 0; count < 5; count++) await world.withPermissions('users:read')
      const whole = await read(world, token, `${list}&limit=200`)
      assert.ok(whole.results.length >= 6)
      const there = await follow(world, token, `${list}&limit=2`, 'next')
      assert.deepEqual(idsOf(there.rows), idsOf(whole.results))
      const back = await follow(world, token, there.last, 'previous')
      assert.deepEqual(idsOf(back.rows), idsOf(whole.results).reverse())
    })

    it('say how many rows there are, with every filter, and only where they are asked', async () => {
      const asked = [
        'users/?search=list-',
        'users/?search=list-&is_active=false',
        'users/?role=user',
        'users/?is_active=true',
        'users/?search=nobody-like-this',
        'users/?limit=200',
        'sessions/?is_active=true',
        'sessions/?is_active=false',
        'sessions/?user_id=1',
        'sessions/?limit=200',
      ]
      for (const query of asked) {
        const path = `/api/auth/${query}`
        const whole = await follow(world, token, path, 'next')
        const { count, next } = (await read(world, token, `${path}&count=true`)) as PageBody & {
          count: unknown
        }
        assert.deepEqual(count, { rows: whole.rows.length, is_exact: true }, query)
        // What was asked of the first page is not asked of the next.
        assert.ok(!next?.includes('count='), String(next))
        assert.equal('count' in (await read(world, token, path)), false)
      }
    })

    it('keep filters and search on the way', async () => {
      const searches = [
        'users/?search=list-&is_active=true',
        'sessions/?is_active=false',
        'roles/?search=ENTRY',
      ]
      for (const search of searches) {
        const whole = await read(world, token, `/api/auth/${search}&limit=200`)
        assert.ok(whole.results.length > 3, search)
        const there = await follow(world, token, `/api/auth/${search}&limit=2`, 'next')
        assert.deepEqual(idsOf(there.rows), idsOf(whole.results), search)
        const back = await follow(world, token, there.last, 'previous')
        assert.deepEqual(idsOf(back.rows), idsOf(whole.results).reverse(), search)
      }
    })

    it('are of another size when the limit changes on the way', async () => {
      const { next, results } = await read(world, token, '/api/auth/users/?limit=3')
      const rest = await read(world, token, next!.replace('limit=3', 'limit=200'))
      const whole = await read(world, token, '/api/auth/users/?limit=200')
      assert.deepEqual([...idsOf(results), ...idsOf(rest.results)], idsOf(whole.results))
    })

    for (const ordering of ['id', '-id', 'name', '-name', 'description', '-description']) {
      it(`stay stable while rows come and go (${ordering})`, async () => {
        await staysStable(world, token, ordering)
      })
    }
  })
}

let counter = 0

/** Between two pages one row is added before and one after, and the row at the edge of the page is removed. */
async function staysStable(world: World, token: string, ordering: string): Promise<void> {
  const add = async (name: string) => {
    const body = { name, code_name: `moving-${++counter}`, description: counter % 2 === 0 ? null : name }
    const answer = await world.call('POST', '/roles/', { token, body })
    assert.equal(answer.status, 201, answer.text)
    return answer.body.id as number
  }
  for (let count = 0; count < 8; count++) await add(`M moving ${++counter}`)
  const first = `/api/auth/roles/?limit=3&ordering=${ordering}`
  const before = await read(world, token, `/api/auth/roles/?limit=200&ordering=${ordering}`)
  const removed = new Set<number>()
  const added = new Set<number>()

  const disturb = async ({ results, next }: PageBody) => {
    if (added.size < 8) {
      added.add(await add(`! ${++counter}`))
      added.add(await add(`яя ${++counter}`))
    }
    const edge = results.at(-1)
    if (edge === undefined || !String(edge.code_name).startsWith('moving-') || added.has(edge.id)) return
    // The last page stays: the way back begins there, and one without rows leads to the first.
    if (next === null && results.length === 1) return
    removed.add(edge.id)
    assert.equal((await world.call('DELETE', `/roles/${edge.id}/`, { token })).status, 204)
  }
  const there = await follow(world, token, first, 'next', disturb)
  assert.ok(removed.size > 0 && added.size > 0)
  const ids = idsOf(there.rows)
  assert.equal(new Set(ids).size, ids.length, 'no row twice')
  assert.deepEqual(
    ids.filter(id => !added.has(id)),
    idsOf(before.results),
    'every row that stood there all along, and none left out',
  )

  const stood = idsOf(before.results).filter(id => !removed.has(id))
  const late = new Set<number>()
  const back = await follow(world, token, there.last, 'previous', async () => {
    if (late.size < 4) late.add(await add(`M late ${++counter}`))
  })
  const returned = idsOf(back.rows)
  assert.equal(new Set(returned).size, returned.length, 'no row twice on the way back')
  assert.deepEqual(
    returned.filter(id => stood.includes(id)),
    stood.toReversed(),
  )
}

describe('a cursor', async () => {
  const { world, token } = await peopledWorld('sqlite')

  const cursorOf = async (path: string) => {
    const { next } = await read(world, token, path)
    return new URL(next!, 'http://localhost').searchParams.get('cursor')!
  }
  const assertRefused = async (path: string) => {
    const answer = await world.call('GET', path, { token })
    assert.equal(answer.status, 400, path)
    assert.deepEqual(Object.keys(answer.body.errors), ['cursor'])
  }

  it('with one character changed, added or left out is a 400', async () => {
    const cursor = await cursorOf('/api/auth/users/?limit=3&ordering=email')
    const list = '/api/auth/users/?limit=3&ordering=email&cursor='
    assert.equal((await world.call('GET', list + cursor, { token })).status, 200)
    for (let index = 0; index < cursor.length; index++) {
      const other = cursor[index] === 'A' ? 'B' : 'A'
      await assertRefused(list + cursor.slice(0, index) + other + cursor.slice(index + 1))
      await assertRefused(list + cursor.slice(0, index) + cursor.slice(index + 1))
    }
    for (const tail of ['=', '==', 'A', '%20', '%00', '.', '+']) {
      const answer = await world.call('GET', list + cursor + tail, { token })
      assert.equal(answer.status, 400, tail)
    }
    await assertRefused(list + cursor.repeat(2))
  })

  it('of another list, another order or another filter is a 400', async () => {
    const cursor = await cursorOf('/api/auth/users/?limit=3&ordering=id')
    const others = [
      ...lists.filter(list => list !== '/api/auth/users/').map(list => `${list}?ordering=id`),
      ...['-id', 'email', 'first_name'].map(ordering => `/api/auth/users/?ordering=${ordering}`),
      '/api/auth/users/?ordering=id&is_active=true',
      '/api/auth/users/?ordering=id&search=a',
      '/api/auth/access/who_can/?resource=users&action=read',
    ]
    for (const path of others) await assertRefused(`${path}&cursor=${cursor}`)
  })

  it('a cursor of a caller who may read the list does not work for one who may not', async () => {
    const person: Account = await world.register()
    const cursor = await cursorOf('/api/auth/users/?limit=3')
    const answer = await world.call('GET', `/users/?limit=3&cursor=${cursor}`, { token: person.access })
    assert.equal(answer.status, 403)
  })

  it('works on another node of the same server', async () => {
    const other = await testWorld({ databaseUrl: world.core.config.databaseUrl, clock: world.clock })
    const { next } = await read(world, token, '/api/auth/users/?limit=3')
    assert.deepEqual(await read(other, token, next!), await read(world, token, next!))
  })

  it('answers under the deprecated spelling of its list as well', async () => {
    const cursor = await cursorOf('/api/auth/resources/?limit=3')
    const answer = await world.call('GET', `/resourses/?limit=3&cursor=${cursor}`, { token })
    assert.equal(answer.status, 200)
  })
})
