import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import fc from 'fast-check'
import { CompiledQuery, type KyselyPlugin, sql } from 'kysely'
import { eachEngine } from '../../../test/support/engines.ts'
import { newUser } from '../../../test/support/rows.ts'
import { nameKeyOf, type PageRequest } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import { engineOf, spellingsOf } from '../store/index.ts'
import type { User } from './account-fields.ts'
import type { UserColumn, UserFilter } from './user-list.sql.ts'
import { listUsers } from './user-list.sql.ts'

/** Enough that a page of one or two rows is looked for in every way that there is: a hundred rows are a stretch. */
const people = 700

/** Few words, so that some are in nearly every text, some in a few, and signs of every query language among them. */
const words = [
  'anna',
  'annan',
  'an',
  'Ёж',
  'ёж ёж',
  '李',
  '李小龙',
  '100%',
  '_',
  '\\',
  `"'`,
  ':*',
  '&',
  '😀a😀',
  ' ',
  'x-y',
  'Юлия',
  'Анна',
  '',
]
const word = fc.constantFrom(...words)
const text = fc.array(word, { maxLength: 3 }).map(parts => parts.join(' '))

const columns = [
  'id',
  'email',
  'first_name',
  'last_name',
  'middle_name',
  'is_active',
  'is_staff',
  'is_superuser',
  'date_joined',
  'last_login',
  'updated_at',
] as const satisfies readonly UserColumn[]

/** What a name is ordered by: an older release has written every third row, without keys. */
const orderOf = (user: User, name: string | null): string =>
  (hasKeys(user.dateJoinedMs) ? nameKeyOf(name) : name) ?? ''

const hasKeys = (index: number) => index % 3 !== 2

const valueIn: Record<UserColumn, (user: User) => string | number> = {
  id: user => user.id,
  email: user => user.email,
  first_name: user => orderOf(user, user.firstName),
  last_name: user => orderOf(user, user.lastName),
  middle_name: user => orderOf(user, user.middleName),
  is_active: user => Number(user.isActive),
  is_staff: user => Number(user.isStaff),
  is_superuser: user => Number(user.isSuperuser),
  date_joined: user => user.dateJoinedMs,
  last_login: user => user.lastLoginMs ?? 0,
  updated_at: user => user.updatedAtMs,
}

/** In whatever order they stand. A search of nothing but blanks is one word. */
const searchFor = (search: string): ((searched: string) => boolean) => {
  const words = search.trim() === '' ? [search] : search.trim().toLowerCase().split(/\s+/)
  const spelled = words.map((word, place) => (place < 5 ? spellingsOf(word) : [word]))
  return searched => spelled.every(word => word.some(spelling => searched.includes(spelling)))
}

interface Known {
  readonly user: User
  readonly searched: string
  readonly roles: readonly string[]
}

const compare = (left: string | number, right: string | number): number =>
  typeof left === 'string'
    ? Buffer.compare(Buffer.from(left), Buffer.from(String(right)))
    : left - Number(right)

const question = fc.record({
  search: fc.option(
    fc
      .oneof(
        word,
        text,
        fc.constantFrom(
          'e',
          'ex',
          '@e',
          'AN',
          'nobody',
          'user-6',
          'user-69',
          'ЁЖ',
          'a ',
          'n a',
          '.com a',
          'ан',
          'YO',
          'гыук',
          'еьх',
        ),
      )
      .filter(search => search !== ''),
    { nil: undefined },
  ),
  isActive: fc.option(fc.boolean(), { nil: undefined }),
  role: fc.option(fc.constantFrom('everybody', 'many', 'few', 'late', 'nobody', 'no-such-role'), {
    nil: undefined,
  }),
  column: fc.constantFrom(...columns),
  descending: fc.boolean(),
  limit: fc.constantFrom(1, 2, 5, 50),
  cursor: fc.option(
    fc.record({ direction: fc.constantFrom('after' as const, 'before' as const), place: fc.nat(people - 1) }),
    { nil: undefined },
  ),
})

eachEngine('a page of the users', (open, { engine }) => {
  let database: Database
  let known: readonly Known[]

  before(async () => {
    database = await open()
    known = await fill(database)
  })

  it('a page of the users holds what filtering all users in memory finds, in that order', async () => {
    const property = fc.asyncProperty(
      question,
      async ({ search, isActive, role, column, descending, limit, cursor }) => {
        const value = valueIn[column]
        const direction = descending ? -1 : 1
        const order = (left: User, right: User) =>
          direction * (compare(value(left), value(right)) || left.id - right.id)
        const start = cursor && known[cursor.place]!.user
        // A cursor is of a row that the same filter let through.
        fc.pre(start === undefined || isActive === undefined || start.isActive === isActive)
        const request: PageRequest<UserColumn> = {
          limit,
          ordering: { column, descending },
          cursor: cursor && { direction: cursor.direction, value: value(start!), id: start!.id },
          search,
        }
        const filter: UserFilter = { isActive, role }
        const fits = search === undefined ? () => true : searchFor(search)
        const all = known
          .filter(({ searched }) => fits(searched))
          .filter(({ roles }) => role === undefined || roles.includes(role))
          .map(({ user }) => user)
          .filter(user => isActive === undefined || user.isActive === isActive)
          .toSorted(order)
        const beyond =
          cursor?.direction === 'before'
            ? all.filter(user => order(user, start!) < 0)
            : all.filter(user => start === undefined || order(user, start) > 0)
        const expected = cursor?.direction === 'before' ? beyond.slice(-limit) : beyond.slice(0, limit)
        const page = await listUsers(database.read, filter, request)
        assert.deepEqual(
          page.rows.map(({ id }) => id),
          expected.map(({ id }) => id),
        )
        const more = beyond.length > limit
        assert.deepEqual(
          [page.hasNext, page.hasPrevious],
          cursor?.direction === 'before' ? [true, more] : [more, cursor !== undefined],
        )
      },
    )
    await fc.assert(property, { numRuns: 1_500, seed: 20_261 })
  })

  it('by id, of a search, is read from the index of the search; on SQLite in its order, without a sort', async () => {
    for (const descending of [false, true]) {
      for (const cursor of [undefined, { direction: 'after' as const, value: 350, id: 350 }]) {
        const ordering = { column: 'id', descending } as const
        const plan = await planOf(database, { limit: 50, ordering, cursor, search: 'user-69' })
        if (engine === 'sqlite') {
          assert.match(plan, /SCAN found VIRTUAL TABLE INDEX/)
          assert.doesNotMatch(plan, /TEMP B-TREE|SCAN users/)
        } else {
          assert.match(plan, /Bitmap Index Scan on users__search/)
          assert.doesNotMatch(plan, /Seq Scan on users/)
        }
      }
    }
  })

  it('the search index follows every change of a text, by any statement', async () => {
    const found = async (search: string) =>
      (
        await listUsers(
          database.read,
          {},
          { limit: 50, ordering: { column: 'id', descending: false }, cursor: undefined, search },
        )
      ).rows.map(({ email }) => email)
    const email = 'changing@example.org'
    const write = (search_text: string) =>
      database.transaction(trx =>
        trx.updateTable('users').set({ search_text }).where('email', '=', email).execute(),
      )
    await database.transaction(trx => trx.insertInto('users').values(newUser(email)).execute())
    assert.deepEqual(await found('changing@'), [email])
    await write('quite different')
    assert.deepEqual(await found('changing@'), [])
    assert.deepEqual(await found('e different'), [email])
    await write('quite different')
    assert.deepEqual(await found('te'), [email])
    await database.transaction(trx => trx.deleteFrom('users').where('email', '=', email).execute())
    assert.deepEqual(await found('e different'), [])
    await database
      .transaction(async trx => {
        await trx.insertInto('users').values(newUser(email)).execute()
        throw new Error('not after all')
      })
      .catch(() => {})
    assert.deepEqual(await found('changing@'), [])
  })
})

/** How the engine answers the last statement of a page: the one that reads its rows. */
const planOf = (database: Database, request: PageRequest<UserColumn>): Promise<string> =>
  database.transaction(async trx => {
    const isPostgres = engineOf(trx) === 'postgres'
    // PostgreSQL would rather read a table of this size than any index of it.
    if (isPostgres) await sql`set local enable_seqscan = off`.execute(trx)
    let last: CompiledQuery | undefined
    const watching: KyselyPlugin = {
      transformQuery({ node, queryId }) {
        last = trx.getExecutor().compileQuery(node, queryId)
        return node
      },
      transformResult: async ({ result }) => result,
    }
    await listUsers(trx.withPlugin(watching), {}, request)
    const explain = `explain ${isPostgres ? '' : 'query plan '}${last!.sql}`
    const { rows } = await trx.executeQuery(CompiledQuery.raw(explain, [...last!.parameters]))
    return rows.map(row => Object.values(row as object).join(' ')).join('\n')
  })

/** Users whose columns repeat, some of them in step with the id and some not. */
async function fill(database: Database): Promise<Known[]> {
  const names = fc.sample(fc.tuple(text, text, text), { numRuns: people, seed: 7 })
  const rows = names.map(([first, last, middle], index) => {
    const email = `user-${index}@example.com`
    const names = {
      first_name: first === '' ? null : first,
      last_name: last,
      middle_name: index % 5 === 0 ? middle : null,
    }
    return {
      ...newUser(email),
      ...names,
      first_name_key: hasKeys(index) ? nameKeyOf(names.first_name) : null,
      // The key of another name, as an older release leaves it that changes the name.
      last_name_key: nameKeyOf(hasKeys(index) ? last : `${last}?`),
      middle_name_key: hasKeys(index) ? nameKeyOf(names.middle_name) : null,
      is_active: index % 40 !== 7,
      is_staff: index % 100 === 3,
      is_superuser: index === 12,
      date_joined: index,
      last_login: index % 3 === 0 ? null : (index * 37) % 101,
      updated_at: index % 7,
      search_text: [email, first, last, middle].join(' ').toLowerCase(),
    }
  })
  const rolesOf = (index: number) => [
    'everybody',
    ...(index % 3 === 0 ? ['many'] : []),
    ...(index % 200 === 1 ? ['few'] : []),
    ...(index >= 500 ? ['late'] : []),
  ]
  await database.transaction(async trx => {
    for (let start = 0; start < rows.length; start += 100)
      await trx
        .insertInto('users')
        .values(rows.slice(start, start + 100))
        .execute()
    for (const code_name of ['everybody', 'many', 'few', 'late', 'nobody'])
      await trx
        .insertInto('roles')
        .values({ name: code_name, code_name, description: null, search_text: code_name })
        .execute()
  })
  const roleIds = new Map(
    (await database.read.selectFrom('roles').select(['id', 'code_name']).execute()).map(role => [
      role.code_name,
      role.id,
    ]),
  )
  const users = await listUsers(
    database.read,
    {},
    { limit: people, ordering: { column: 'id', descending: false }, cursor: undefined, search: undefined },
  )
  const held = users.rows.flatMap(({ id }, index) =>
    rolesOf(index).map(role => ({ user_id: id, role_id: roleIds.get(role)! })),
  )
  await database.transaction(async trx => {
    for (let start = 0; start < held.length; start += 500)
      await trx
        .insertInto('user_roles')
        .values(held.slice(start, start + 500))
        .execute()
  })
  return users.rows.map((user, index) => ({
    user,
    searched: rows[index]!.search_text,
    roles: rolesOf(index),
  }))
}
