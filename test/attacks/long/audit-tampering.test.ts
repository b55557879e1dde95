import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  type AuditLink,
  AuditLinker,
  type AuditReport,
  AuditSigner,
  auditChain,
  auditLog,
  describeAuditFault,
  readCheckpoint,
  verifyAudit,
  writeCheckpoint,
} from '../../../server/src/audit/index.ts'
import type { Database } from '../../../server/src/store/index.ts'
import { eachEngine } from '../../support/engines.ts'
import { newUser } from '../../support/rows.ts'
import { runStatements, tamper } from '../../support/tamper.ts'

const startMs = 1_750_000_000_000
const roundMs = 60_000
const eventsPerRound = 10

const signer = new AuditSigner(Buffer.alloc(32, 1))
const otherSigner = new AuditSigner(Buffer.alloc(32, 2))

/** A node's audit and its linker, on a database that others may share. */
function nodeOn(database: Database, key = signer) {
  const chain = auditChain(database.read)
  const made = new AuditLinker({
    chain,
    transaction: work => database.transaction(trx => work({ chain: auditChain(trx) })),
    signer: key,
  })
  const begun = lazily(() => made.begin({ isNew: false, isAnchored: false }))
  const linker = {
    round: async (...when: Parameters<typeof made.round>) => {
      await begun()
      return await made.round(...when)
    },
  }
  const write = (name: string, nowMs = startMs) =>
    database.transaction(trx =>
      auditLog(trx).append(
        {
          actorId: name.endsWith('0') ? (1 as never) : null,
          action: 'user.login',
          target: name.endsWith('5') ? null : `users/«${name}»\n`,
          origin: { ipAddress: '192.0.2.1', userAgent: `Браузер "${name}" \u{1f980}` },
          details: { name },
        },
        nowMs,
      ),
    )
  const verify = (options: Partial<Parameters<typeof verifyAudit>[0]> = {}) =>
    verifyAudit({ chain, present: key, ...options })
  return { chain, linker: linker, write, verify }
}

const lazily = (begin: () => Promise<void>) => {
  let begun: Promise<void> | undefined
  return () => {
    begun ??= begin()
    return begun
  }
}

/** Ten events, a round, ten events, a round …: seal 1 is over the events 1 to 10, and so on; the last ten are not sealed yet. */
async function writeLinks(database: Database, rounds: number, key = signer, fromRound = 0): Promise<void> {
  const { linker, write } = nodeOn(database, key)
  for (let round = fromRound; round < fromRound + rounds; round++) {
    for (let event = 1; event <= eventsPerRound; event++) await write(`${round}-${event}`)
    await linker.round(startMs + round * roundMs)
  }
}

async function filled(open: () => Promise<Database>, rounds = 5): Promise<Database> {
  const database = await open()
  await database.transaction(trx => trx.insertInto('users').values(newUser('ann@example.org')).execute())
  await writeLinks(database, rounds)
  return database
}

const faultsOf = ({ faults }: AuditReport) =>
  faults.map(({ link, fault }) => `${link.position} ${fault.kind}`)

/** Puts the rows back as they were, so that one database serves all the cases. */
async function restore(database: Database): Promise<void> {
  const override = database.engine === 'postgres' ? ' overriding system value' : ''
  await tamper(database, [
    'delete from audit_seals',
    'delete from audit_events',
    `insert into audit_events${override} select * from kept_events`,
    `insert into audit_seals${override} select * from kept_seals`,
    'delete from audit_anchor',
    'insert into audit_anchor select * from kept_anchor',
  ])
}

const insertEvent = (engine: string, id: number) =>
  `insert into audit_events (id, at, action, outcome, details)${
    engine === 'postgres' ? ' overriding system value' : ''
  } values (${id}, ${startMs}, 'user.login', 'success', '{}')`

/** What is done to the rows, and what is said of it: the seal, and the kind of fault. */
const cases: readonly [name: string, statements: (engine: string) => string[], faults: string[]][] = [
  [
    'an event with other details',
    () => [`update audit_events set details = '{"name":"1-6"}' where id = 15`],
    ['2 events changed'],
  ],
  [
    'an event a millisecond later',
    () => ['update audit_events set at = at + 1 where id = 20'],
    ['2 events changed'],
  ],
  [
    'an event of somebody else',
    () => ['update audit_events set actor = null where id = 30'],
    ['3 events changed'],
  ],
  [
    'a rejection made a success',
    () => [`update audit_events set outcome = 'denied' where id = 1`],
    ['1 events changed'],
  ],
  [
    'a target that was null and is empty',
    () => [`update audit_events set target = '' where id = 5`],
    ['1 events changed'],
  ],
  [
    'text moved from one column into the next',
    () => [`update audit_events set ip_address = '', user_agent = ip_address || user_agent where id = 7`],
    ['1 events changed'],
  ],
  ['an event removed', () => ['delete from audit_events where id = 15'], ['2 events missing']],
  ['the first event removed', () => ['delete from audit_events where id = 1'], ['1 events missing']],
  ['the last event of a run removed', () => ['delete from audit_events where id = 20'], ['2 events missing']],
  ['an event before the first', engine => [insertEvent(engine, 0)], ['1 events added']],
  ['an event below all numbers', engine => [insertEvent(engine, -9_007_199_254_740_000)], ['1 events added']],
  [
    'an event in the place of another',
    engine => ['delete from audit_events where id = 15', insertEvent(engine, 15)],
    ['2 events changed'],
  ],
  [
    'two events that changed places',
    () => [
      `update audit_events set details = case id when 15 then (select details from kept_events where id = 16)
       else (select details from kept_events where id = 15) end where id in (15, 16)`,
    ],
    ['2 events changed'],
  ],
  [
    'changes in two runs',
    () => ['delete from audit_events where id = 12', `update audit_events set action = 'x' where id = 35`],
    ['2 events missing', '4 events changed'],
  ],
  ['a seal removed', () => ['delete from audit_seals where position = 2'], ['3 seals missing']],
  [
    'a seal removed with its events',
    () => [
      'delete from audit_seals where position = 2',
      'delete from audit_events where id between 11 and 20',
    ],
    ['3 seals missing'],
  ],
  ['the first seal removed', () => ['delete from audit_seals where position = 1'], ['2 seals missing']],
  [
    'a seal dated back',
    () => ['update audit_seals set sealed_at = sealed_at - 1 where position = 2'],
    ['2 seal changed'],
  ],
  [
    'a seal over fewer events',
    () => [
      'update audit_seals set event_count = 9 where position = 2',
      'delete from audit_events where id = 15',
    ],
    ['2 seal changed'],
  ],
  [
    'a seal with another hash, and the next one that follows it',
    () => [
      `update audit_seals set hash = '${'a'.repeat(64)}' where position = 2`,
      `update audit_seals set previous_hash = '${'a'.repeat(64)}' where position = 3`,
    ],
    ['2 seal changed', '3 seal changed'],
  ],
  [
    'a foreign signature',
    () => [
      'update audit_seals set signature = (select signature from kept_seals where position = 3) where position = 2',
    ],
    ['2 seal changed'],
  ],
  [
    'two seals that changed places',
    () => [
      'update audit_seals set position = 99 where position = 2',
      'update audit_seals set position = 2 where position = 3',
      'update audit_seals set position = 3 where position = 99',
    ],
    ['2 seal changed', '3 seal changed'],
  ],
]

eachEngine('an audit that its owner has tampered with', (open, { engine }) => {
  const ready = (async () => {
    const database = await filled(open)
    await runStatements(database, [
      'create table kept_events as select * from audit_events',
      'create table kept_seals as select * from audit_seals',
      'create table kept_anchor as select * from audit_anchor',
    ])
    return database
  })()

  for (const [name, statements, faults] of cases) {
    it(`shows ${name}, and where`, async () => {
      const database = await ready
      const { verify } = nodeOn(database)
      assert.deepEqual(faultsOf(await verify()), [])
      await tamper(database, statements(engine))
      const report = await verify()
      assert.deepEqual(faultsOf(report), faults)
      for (const fault of report.faults) {
        assert.match(describeAuditFault(fault), /^seal \d \(events \d+ to \d+\): [^{}]+$/)
      }
      await restore(database)
    })
  }

  it('shows a chain that was made anew with another key', async () => {
    const database = await ready
    await tamper(database, [
      `update audit_events set action = 'x' where id = 15`,
      'delete from audit_seals',
      'delete from audit_anchor',
    ])
    const { linker, verify } = nodeOn(database, otherSigner)
    for (const round of [1, 2]) await linker.round(startMs + round * roundMs)
    assert.deepEqual(faultsOf(await verify()), [], 'it is whole in itself')
    assert.deepEqual(faultsOf(await nodeOn(database).verify()), ['1 unknown key'])
    await restore(database)
  })

  it('cannot hide from a checkpoint that its end was cut off', async () => {
    const database = await ready
    const { chain, verify } = nodeOn(database)
    const checkpoint = readCheckpoint(writeCheckpoint((await chain.newest())!, signer))!
    assert.deepEqual(faultsOf(await verify({ checkpoint })), [])
    await tamper(database, [
      'delete from audit_seals where position >= 3',
      'delete from audit_events where id > 20',
    ])
    assert.deepEqual(faultsOf(await verify()), [], 'nothing shows it from inside')
    assert.deepEqual(faultsOf(await verify({ checkpoint })), ['4 chain too short'])
    // A server to which every place was put back goes on, and seals what the intruder wrote instead.
    await tamper(database, ['delete from audit_anchor'])
    await writeLinks(database, 5, signer, 10)
    assert.deepEqual(faultsOf(await verify({ checkpoint })), ['4 checkpoint contradicted'])
    await tamper(database, ['delete from audit_seals', 'delete from audit_events'])
    assert.deepEqual(faultsOf(await verify({ checkpoint })), ['4 chain too short'])
    await restore(database)
  })

  it('verifying an audit in which every row was changed lists the first 20 faults', async () => {
    const database = await filled(open, 30)
    await tamper(database, [
      'update audit_events set at = at + 1',
      'update audit_seals set sealed_at = 9007199254740991',
    ])
    const report = await nodeOn(database).verify()
    assert.deepEqual([report.faults.length, report.isComplete], [20, false])
  })

  it('is compared with its hashes where there is no key, and that is said', async () => {
    const database = await ready
    const { verify } = nodeOn(database)
    const whole = await verify({ present: undefined })
    assert.deepEqual([faultsOf(whole), whole.areSignaturesChecked], [[], false])
    await tamper(database, [`update audit_events set action = 'x' where id = 15`])
    assert.deepEqual(faultsOf(await verify({ present: undefined })), ['2 events or seal changed'])
    await restore(database)
  })
})

eachEngine('an audit whose master key was changed', open => {
  it('is vouched for by a checkpoint from before, and by nothing else', async () => {
    const database = await filled(open, 3)
    const before = (await nodeOn(database).chain.newest())!
    const checkpoint = readCheckpoint(writeCheckpoint(before, signer))!
    await writeLinks(database, 3, otherSigner, 3)
    const { verify } = nodeOn(database, otherSigner)
    assert.deepEqual(faultsOf(await verify()), ['1 unknown key', '2 unknown key'])
    assert.deepEqual(faultsOf(await verify({ checkpoint })), [])
    // Whoever has the former key cannot go on from the present one.
    await writeLinks(database, 2, signer, 6)
    assert.deepEqual(faultsOf(await verify({ checkpoint })), ['5 former key again'])
  })
})

eachEngine('an audit without any tampering', (open, { place, openAt }) => {
  it('fits its seals after parallel writes, writes taken back, and sealing by two nodes at once', async () => {
    const url = await place()
    const databases = [await openAt(url), await openAt(url)]
    await databases[0]!.migrate()
    await databases[0]!.transaction(trx => trx.insertInto('users').values(newUser('a@b.example')).execute())
    const nodes = databases.map(database => nodeOn(database))
    let written = 0
    const writeMany = async (node: number, round: number) => {
      for (let event = 0; event < 40; event++) {
        if (event % 4 !== 3) {
          await nodes[node]!.write(`${round}-${event}`)
          written += 1
          continue
        }
        // PostgreSQL burns the id of an event that was taken back.
        const takenBack = databases[node]!.transaction(async trx => {
          const event = { actorId: null, action: 'user.login', target: null, origin: null } as const
          await auditLog(trx).appendAll([event, event], startMs)
          throw new RangeError('taken back')
        })
        await assert.rejects(takenBack, RangeError)
      }
    }
    // What a round saw has settled when the next one begins: every writer of the one before has ended.
    for (let round = 0; round < 8; round++) {
      const writers = [0, 1, 0, 1].map(node => writeMany(node, round))
      const linking = nodes.map(({ linker }) => linker.round(startMs + round * roundMs))
      await Promise.all([...writers, ...linking])
    }
    for (const round of [8, 9]) await nodes[1]!.linker.round(startMs + round * roundMs)
    const report = await nodes[0]!.verify()
    assert.deepEqual(faultsOf(report), [])
    assert.deepEqual([report.eventCount, report.unlinkedCount], [written, 0])
    assert.ok(report.linkCount >= 8, String(report.linkCount))
  })

  it('is sealed once, also by nodes that do it at one instant and by one that was started again', async () => {
    const database = await open()
    const nodes = Array.from({ length: 8 }, () => nodeOn(database))
    await nodes[0]!.write('1-1')
    for (const { linker } of nodes) await linker.round(startMs)
    const made = await Promise.all(nodes.map(({ linker }) => linker.round(startMs + roundMs)))
    assert.equal(made.flat().length, 1)
    const restarted = nodeOn(database)
    await restarted.write('1-2')
    assert.deepEqual(await restarted.linker.round(startMs + 2 * roundMs), [])
    const [second] = await restarted.linker.round(startMs + 3 * roundMs)
    assert.deepEqual([second?.position, second?.previousHash], [2, made.flat()[0]?.hash])
    assert.deepEqual(faultsOf(await restarted.verify()), [])
  })

  it('is not sealed before every transaction that could hold a smaller id is over', async () => {
    const database = await open()
    const { linker, write, chain } = nodeOn(database)
    await write('1-1')
    await linker.round(startMs)
    assert.deepEqual(await linker.round(startMs + 9_999), [])
    await write('1-2')
    // A clock that was set back says nothing of how long ago that was.
    assert.deepEqual(await linker.round(startMs - 3_600_000), [])
    assert.deepEqual(await linker.round(startMs - 3_600_000 + 9_999), [])
    const [link] = await linker.round(startMs - 3_600_000 + 10_000)
    assert.equal(link?.eventCount, 2)
    assert.equal(await chain.countEventsAfter(link!.lastEventId), 0)
  })

  it('writes nothing while nothing happens', async () => {
    const database = await filled(open, 2)
    const { linker } = nodeOn(database)
    const made: AuditLink[] = []
    for (let round = 5; round < 10; round++) made.push(...(await linker.round(startMs + round * roundMs)))
    assert.equal(made.length, 1)
  })

  it('is sealed and verified in parts when it is long: an audit from before the seals', async () => {
    const database = await open()
    const event = { actorId: null, action: 'user.login', target: null, origin: null } as const
    for (let part = 0; part < 5; part++) {
      await database.transaction(trx =>
        auditLog(trx).appendAll(Array.from({ length: 4_500 }).fill(event) as (typeof event)[], startMs),
      )
    }
    const { linker, verify } = nodeOn(database)
    await linker.round(startMs)
    const made = await linker.round(startMs + roundMs)
    assert.deepEqual(
      made.map(link => link.eventCount),
      [10_000, 10_000, 2_500],
    )
    const report = await verify()
    assert.deepEqual([faultsOf(report), report.linkCount, report.eventCount], [[], 3, 22_500])
  })
})

eachEngine('a seal', open => {
  it('is the same on both engines, to the last digit', async () => {
    const database = await filled(open, 2)
    const link = (await nodeOn(database).chain.newest())!
    assert.equal(link.keyId, 'UDDReOZl1ipXAfp9wYsm13sDBMK5og--QWdBjzuf6o4')
    assert.equal(link.hash, '8f2630afa9c3832b3f91d8239216219670a9b582912da790a899eda8ee69f292')
  })

  it('is read back from a checkpoint only as it was written', async () => {
    const database = await filled(open, 2)
    const text = writeCheckpoint((await nodeOn(database).chain.newest())!, signer)
    assert.equal(readCheckpoint(text)?.link.position, 1)
    const written = JSON.parse(text) as Record<string, unknown>
    for (const [name, value] of Object.entries(written)) {
      const changed =
        typeof value === 'number' ? value + 1 : name === 'public_jwk' ? { x: 'AAAA' } : `A${value}`
      assert.equal(readCheckpoint(JSON.stringify({ ...written, [name]: changed })), undefined, name)
      const { [name]: _, ...without } = written
      assert.equal(readCheckpoint(JSON.stringify(without)), undefined, name)
    }
    for (const other of ['', 'null', '[]', '{}', '"x"', text.slice(0, -3)]) {
      assert.equal(readCheckpoint(other), undefined)
    }
    const foreign = { ...written, public_jwk: otherSigner.publicJwk }
    assert.equal(readCheckpoint(JSON.stringify(foreign)), undefined)
  })
})
