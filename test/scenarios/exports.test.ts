import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { engines } from '../support/engines.ts'
import { newUser } from '../support/rows.ts'
import { type Account, testWorld, type World } from '../support/world.ts'

/** RFC 4180, the strict way: every row as its cells, after the byte order mark. */
function readCsv(text: string, delimiter = ','): string[][] {
  assert.equal(text[0], '\ufeff')
  assert.ok(text.endsWith('\r\n'), 'the last line has an end')
  return parse(text, { bom: true, delimiter, record_delimiter: '\r\n' })
}

/** Accounts that nobody can sign in to, as many as a list of several pages. */
async function fill({ core }: World, count: number): Promise<void> {
  for (let start = 0; start < count; start += 400) {
    const rows = Array.from({ length: Math.min(400, count - start) }, (_, index) => ({
      ...newUser(`row-${start + index}@example.com`),
      first_name: ['Анна', '=cmd()', 'a "b", c', null][(start + index) % 4]!,
    }))
    await core.database.transaction(trx => trx.insertInto('users').values(rows).execute())
  }
}

/** Sessions of some account, of which one in ten is live and one in ten has run out without a clean-up. */
async function fillSessions({ core, clock }: World, count: number): Promise<void> {
  const nowMs = clock.nowMs()
  const { id } = await core.database.read.selectFrom('users').select('id').limit(1).executeTakeFirstOrThrow()
  for (let start = 0; start < count; start += 400) {
    const rows = Array.from({ length: Math.min(400, count - start) }, (_, index) => {
      const isActive = (start + index) % 10 < 2
      return {
        uuid: core.random.orderedUuid(nowMs),
        user_id: id,
        ip_address: '192.0.2.1',
        user_agent: 'test',
        created_at: nowMs - 7_200_000,
        last_used_at: nowMs - 7_200_000,
        expires_at: nowMs + ((start + index) % 10 === 0 ? -3_600_000 : 3_600_000),
        is_active: isActive,
        ended_at: isActive ? null : nowMs - 3_600_000,
        end_reason: isActive ? null : 'logout',
      }
    })
    await core.database.transaction(trx => trx.insertInto('sessions').values(rows).execute())
  }
}

for (const engine of engines) {
  describe(`exports, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { call, core } = world
    await fill(world, 1_203)
    await fillSessions(world, 2_500)
    const reader = await world.withPermissions('users:read', 'sessions:read', 'audit:read')

    const take = async (path: string, account: Account = reader, delimiter = ',') => {
      const answer = await call('GET', path, { token: account.access })
      assert.equal(answer.status, 200, answer.text)
      const [header, ...rows] = readCsv(answer.text, delimiter)
      return { answer, header: header!, rows: rows.map(cells => rowOf(header!, cells)) }
    }
    const rowOf = (header: readonly string[], cells: readonly string[]): Record<string, string> => {
      assert.equal(cells.length, header.length)
      return Object.fromEntries(header.map((name, index) => [name, cells[index]!]))
    }
    /** Every row of a list, page by page, as any client would read it. */
    const listAll = async (path: string) => {
      const rows: Record<string, unknown>[] = []
      for (let next: string | null = path; next !== null; ) {
        const { body } = await call('GET', next, { token: reader.access })
        rows.push(...body.results)
        next = body.next
      }
      return rows
    }
    const text = (value: unknown) => (value === null ? '' : String(value))

    for (const query of [
      '',
      '?ordering=-email',
      '?search=row-1',
      '?is_active=false',
      '?role=nobody-has-it',
      '?ordering=first_name',
      '?ordering=-last_login',
      '?ordering=-id&search=example',
    ]) {
      it(`hold every user of the list${query}, once and in its order`, async () => {
        const { rows, answer } = await take(`/users/export/${query}`)
        const listed = await listAll(`/users/?limit=200&${query.slice(1)}`)
        assert.deepEqual(
          rows.map(row => row.id),
          listed.map(row => text(row.id)),
        )
        for (const [index, row] of rows.entries()) {
          const { roles, first_name, ...user } = listed[index]!
          assert.equal(row.roles, (roles as string[]).join(' '))
          assert.equal(row.first_name, first_name === '=cmd()' ? "'=cmd()" : text(first_name))
          for (const [name, value] of Object.entries(user)) assert.equal(row[name], text(value), name)
        }
        assert.equal(answer.headers['content-type'], 'text/csv; charset=utf-8')
        assert.equal(answer.headers['content-disposition'], 'attachment; filename="users.csv"')
        assert.equal(answer.headers['cache-control'], 'no-store')
      })
    }

    it('hold every session, the newest first, what is theirs and nothing of a token', async () => {
      const hostile = { 'user-agent': '=HYPERLINK("https://evil.example")' }
      const body = { email: reader.email, password: reader.password }
      assert.equal((await call('POST', '/login/', { body, headers: hostile })).status, 200)
      for (const query of ['', `?user_id=${reader.id}`, '?is_active=true', '?is_active=false']) {
        const { rows } = await take(`/sessions/export/${query}`)
        const listed = await listAll(`/sessions/?limit=200&ordering=-id&${query.slice(1)}`)
        assert.deepEqual(
          rows.map(row => row.id),
          listed.map(row => text(row.id)),
        )
        for (const [index, row] of rows.entries()) {
          for (const [name, value] of Object.entries(listed[index]!)) {
            if (name === 'user_agent' || name === 'last_used_at') continue
            assert.equal(row[name], text(value), name)
          }
        }
      }
      const [newest] = (await take(`/sessions/export/?user_id=${reader.id}`)).rows
      assert.equal(newest!.user_agent, `'${hostile['user-agent']}`)
    })

    for (const [named, delimiter] of [
      ['comma', ','],
      ['semicolon', ';'],
      ['tab', '\t'],
      [',', ','],
      [';', ';'],
      ['%2C', ','],
      ['%3B', ';'],
      ['%09', '\t'],
    ] as const) {
      it(`are separated as asked: ?separator=${named}`, async () => {
        for (const path of [
          '/users/export/?role=nobody-has-it',
          '/sessions/export/?is_active=true',
          '/audit/export/',
        ]) {
          const plain = await take(path)
          const { rows, header } = await take(
            `${path}${path.includes('?') ? '&' : '?'}separator=${named}`,
            reader,
            delimiter,
          )
          assert.deepEqual(header, plain.header)
          if (!path.startsWith('/audit')) assert.deepEqual(rows, plain.rows)
          else assert.deepEqual(JSON.parse(rows[0]!.details!), { format: 'csv', filters: {} })
        }
      })
    }

    it('hold the audit, the newest first, with details as JSON, and stand in it before they begin', async () => {
      const { rows } = await take(`/audit/export/?actor=${reader.id}`)
      const listed = await listAll(`/audit/?limit=200&actor=${reader.id}`)
      assert.deepEqual(
        rows.map(row => row.id),
        listed.map(row => text(row.id)),
      )
      for (const [index, row] of rows.entries()) {
        const { actor, details } = listed[index]! as { actor: { email: string }; details: object }
        assert.equal(row.actor_email, actor.email)
        assert.deepEqual(JSON.parse(row.details!), details)
      }
      const own = rows[0]!
      assert.deepEqual(
        [own.action, own.target, own.outcome, own.ip_address],
        ['data.export', 'audit', 'success', '127.0.0.1'],
      )
      assert.deepEqual(JSON.parse(own.details!), { format: 'csv', filters: { actor: reader.id } })
    })

    it('are none, and leave no event, where only their head is asked for', async () => {
      const before = await core.stores.chain.greatestEventId()
      for (const what of ['users', 'sessions', 'audit']) {
        const head = await call('HEAD', `/${what}/export/`, { token: reader.access })
        assert.deepEqual([head.status, head.text], [200, ''])
        assert.equal(head.headers['content-disposition'], `attachment; filename="${what}.csv"`)
      }
      assert.equal(await core.stores.chain.greatestEventId(), before)
    })

    it('narrow the audit down as its list does', async () => {
      const all = await take('/audit/export/?action=data.export&target=users')
      assert.ok(all.rows.length >= 6)
      assert.ok(all.rows.every(row => row.action === 'data.export' && row.target === 'users'))
      const until = all.rows[2]!.at!
      const before = await take(`/audit/export/?action=data.export&target=users&until=${until}`)
      assert.ok(before.rows.length < all.rows.length)
      assert.ok(before.rows.every(row => row.at! < until))
    })

    it('win over the row of that name, which there is none of', async () => {
      for (const list of ['users', 'sessions']) {
        assert.equal((await call('PATCH', `/${list}/export/`, { token: reader.access })).status, 403)
        const answer = await call('GET', `/${list}/export`, { token: reader.access })
        assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'text/csv; charset=utf-8'])
      }
    })

    it('refuse what the list refuses, and then leave no event', async () => {
      const before = await core.stores.chain.greatestEventId()
      for (const [path, field] of [
        ['/users/export/?limit=5', 'limit'],
        ['/users/export/?cursor=x', 'cursor'],
        ['/users/export/?ordering=password', 'ordering'],
        ['/users/export/?is_active=yes', 'is_active'],
        ['/sessions/export/?user_id=x', 'user_id'],
        ['/audit/export/?since=yesterday', 'since'],
        ['/users/export/?separator=pipe', 'separator'],
        ['/users/export/?separator=', 'separator'],
        ['/sessions/export/?separator=%7C', 'separator'],
        ['/audit/export/?separator=%3B%3B', 'separator'],
        ['/users/export/?separator=%3B%0A', 'separator'],
      ] as const) {
        const answer = await call('GET', path, { token: reader.access })
        assert.equal(answer.status, 400, path)
        assert.deepEqual(Object.keys(answer.body.errors), [field])
        if (field === 'separator') assert.match(answer.body.errors.separator[0], /comma, semicolon or tab/)
      }
      assert.equal(await core.stores.chain.greatestEventId(), before)
    })
  })
}

describe('an export under way', async () => {
  const world = await testWorld()
  await fill(world, 20_000)
  const { server } = world.server.app
  const address = await world.server.app.listen({ host: '127.0.0.1', port: 0 })

  /** Begins to read and stops after the first piece. */
  const begin = async (account: Account) => {
    const asked = request(`${address}/api/auth/users/export/`, {
      headers: { authorization: `Bearer ${account.access}` },
      agent: false,
    }).end()
    const [answer] = await once(asked, 'response')
    answer.pause()
    answer.on('error', () => {})
    return answer
  }
  /** The rest of it; whether it came to its own end. */
  const finish = async (answer: Awaited<ReturnType<typeof begin>>) => {
    let text = ''
    answer.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    // Not `once`, which takes a cut connection for a failure of its own.
    const closed = new Promise(resolve => answer.on('close', resolve))
    answer.resume()
    await closed
    return { text, isWhole: answer.complete as boolean }
  }

  it('comes to its end', async () => {
    const reader = await world.withPermissions('users:read')
    const { text, isWhole } = await finish(await begin(reader))
    assert.ok(isWhole)
    assert.ok(readCsv(text).length > 20_000)
  })

  for (const [what, end] of [
    ['the account is closed', (account: Account) => world.call('DELETE', '/me/', { token: account.access })],
    ['the session ends', (account: Account) => world.call('POST', '/logout/', { token: account.access })],
    [
      'the role is taken away',
      async (account: Account) => {
        const { access } = await world.superuser()
        return world.call('PATCH', `/users/${account.id}/`, { token: access, body: { roles: [] } })
      },
    ],
  ] as const) {
    it(`is cut off when ${what}, and never seems whole`, async () => {
      const reader = await world.withPermissions('users:read')
      const answer = await begin(reader)
      assert.equal(answer.statusCode, 200)
      assert.ok([200, 204].includes((await end(reader)).status))
      const { text, isWhole } = await finish(answer)
      assert.equal(isWhole, false)
      assert.ok(text.split('\r\n').length < 20_000)
    })
  }

  it('gives its place back when its caller is gone before the answer, however many do so', async () => {
    for (let round = 0; round < 15; round++) {
      const reader = await world.withPermissions('users:read')
      for (let each = 0; each < 2; each++) {
        const arrived = once(server, 'request')
        const asked = request(`${address}/api/auth/users/export/`, {
          headers: { authorization: `Bearer ${reader.access}` },
          agent: false,
        }).on('error', () => {})
        asked.end()
        await arrived
        asked.destroy()
      }
    }
    while ((await promisify(server.getConnections.bind(server))()) > 0) await setImmediate()
    const reader = await world.withPermissions('users:read')
    const answer = await world.call('GET', '/users/export/?search=row-77', { token: reader.access })
    assert.equal(answer.status, 200, answer.text)
  })

  it('is one of two of its account', async () => {
    const reader = await world.withPermissions('users:read')
    const two = [await begin(reader), await begin(reader)]
    const third = await world.call('GET', '/users/export/', { token: reader.access })
    assert.deepEqual([third.status, third.body.code], [429, 'too_many_requests'])
    assert.ok(Number(third.headers['retry-after']) > 0)
    two[0]!.destroy()
    const answer = await finish(two[1]!)
    assert.ok(answer.isWhole)
    assert.equal(
      (await world.call('GET', '/users/export/?search=row-77', { token: reader.access })).status,
      200,
    )
  })
})
