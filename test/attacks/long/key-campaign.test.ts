import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { loadConfig } from '../../../server/src/config/index.ts'
import { type Core, openCore } from '../../../server/src/core.ts'
import { type KeyKeeping, keepKeys } from '../../../server/src/key-keeping.ts'
import { isPublished, type SigningKey } from '../../../server/src/keys/index.ts'
import { type EngineName, engines, freshDatabaseUrl } from '../../support/engines.ts'
import { newUser } from '../../support/rows.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Marsaglia's xorshift: the same numbers for the same seed. */
function diceOf(seed: number) {
  let state = seed | 1
  const below = (count: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % count
  }
  return { below, oneOf: <T>(values: readonly T[]): T => values[below(values.length)]! }
}

interface KeyNode {
  readonly core: Core
  readonly keys: KeyKeeping
  readonly skew: { ms: number }
  readonly sessionMs: number
}

/** What was signed: it must be taken by every node until then, by the true time. */
interface Signed {
  readonly kid: string
  readonly untilMs: number
}

const masterKey = Buffer.alloc(32, 7).toString('base64')

/** Puts back what a mend replaced, after each step of a node, to see that the campaign finds it. */
type Mutant = (node: KeyNode) => Promise<unknown>

const mutants: Readonly<Record<string, { mutant: Mutant; finds: RegExp }>> = {
  'a signer that is the newest by its clock, retired or not': {
    async mutant({ core }) {
      await core.database.transaction(async trx => {
        const newest = trx.selectFrom('signing_keys').select('kid').orderBy('created_at', 'desc').limit(1)
        await trx
          .updateTable('signing_keys')
          .set({ state: 'retired', signs_at: null })
          .set(eb => ({ retired_at: eb.fn.coalesce('retired_at', 'created_at') }))
          .where('state', '!=', 'retired')
          .where('kid', '!=', newest)
          .execute()
        await trx
          .updateTable('signing_keys')
          .set({ state: 'signing', signs_at: null, retired_at: null, published_until: null })
          .where('kid', '=', newest)
          .execute()
      })
    },
    finds: /signs again/,
  },
  'an end that is reckoned from the present setting': {
    mutant: ({ core, sessionMs }) =>
      core.database.transaction(trx =>
        trx
          .updateTable('signing_keys')
          .set(eb => ({ published_until: eb('retired_at', '+', sessionMs) }))
          .where('state', '=', 'retired')
          .execute(),
      ),
    finds: /has left the key set|is destroyed/,
  },
}

/** A cluster whose nodes have clocks, settings and lives of their own, on one time that it moves itself. */
async function cluster(engine: EngineName, seed: number, mutant?: Mutant) {
  const dice = diceOf(seed)
  const databaseUrl = await freshDatabaseUrl(engine)
  const time = { ms: 1_800_000_000_000 }
  const signed: Signed[] = []
  const everRetired = new Set<string>()
  const nodes: KeyNode[] = []
  let userId = 0

  const start = async (): Promise<KeyNode> => {
    const sessionMs = dice.oneOf([1, 24, 24 * 30]) * hourMs
    const skew = { ms: dice.oneOf([0, -2, -1, 1, 2]) * minuteMs }
    const config = loadConfig({
      PROPUSK_DATABASE_URL: databaseUrl,
      PROPUSK_MASTER_KEY: masterKey,
      PROPUSK_KEY_MAX_AGE: '2d',
      PROPUSK_SESSION_TTL: `${sessionMs / hourMs}h`,
    })
    const core = await openCore(config, {
      clock: { nowMs: () => time.ms + skew.ms, monotonicMs: () => time.ms },
    })
    await core.database.migrate()
    const wait = async (ms: number) => {
      time.ms += ms
    }
    const keys = await keepKeys(core, wait)
    await keys.rotateIfDue()
    return { core, keys, skew, sessionMs }
  }

  /** Every node reloads the keys that another has changed, but the one that lags. */
  const reloadKeys = async (lagging?: KeyNode) => {
    for (const node of nodes) if (node !== lagging) await node.keys.reload()
  }

  const sign = async (node: KeyNode) => {
    const nowMs = node.core.clock.nowMs()
    const { kid } = node.keys.ring.signer()
    assert.ok(!everRetired.has(kid), `${kid} signs again, seed ${seed}`)
    const session = {
      uuid: node.core.random.orderedUuid(nowMs),
      user_id: userId,
      ip_address: '192.0.2.1',
      user_agent: 'test',
      created_at: nowMs,
      last_used_at: nowMs,
      expires_at: nowMs + node.sessionMs,
      is_active: true,
    }
    await node.core.database.transaction(trx => trx.insertInto('sessions').values(session).execute())
    signed.push({ kid, untilMs: nowMs + node.sessionMs - node.skew.ms })
  }

  /** What release 0.1.0 does, by a clock of its own: a new key without a state, and every other one retired. */
  const rotateAsBefore = async (node: KeyNode) => {
    const { kid } = await node.keys.publishNext()
    const nowMs = time.ms + dice.oneOf([-2, 0, 2]) * minuteMs
    await node.core.database.transaction(async trx => {
      const blank = { sequence: null, state: null, signs_at: null, published_until: null }
      await trx
        .updateTable('signing_keys')
        .set({ ...blank, created_at: nowMs })
        .where('kid', '=', kid)
        .execute()
      await trx
        .updateTable('signing_keys')
        .set({ retired_at: nowMs })
        .where('kid', '!=', kid)
        .where('retired_at', 'is', null)
        .execute()
    })
  }

  const check = async () => {
    const keys = await nodes[0]!.core.stores.keys.list()
    const byKid = new Map(keys.map((key): [string, SigningKey] => [key.kid, key]))
    for (const { kid, untilMs } of signed) {
      if (untilMs <= time.ms) continue
      const key = byKid.get(kid)
      assert.ok(key !== undefined, `${kid} is destroyed, seed ${seed}`)
      for (const { skew } of nodes) {
        const why = `${kid} has left the key set of a node ${skew.ms} ms off, ${untilMs - time.ms} ms early, seed ${seed}`
        assert.ok(isPublished(key, time.ms + skew.ms), why)
      }
    }
    const kids = new Set(nodes.map(node => node.keys.ring.signer().kid))
    assert.equal(kids.size, 1, `nodes sign with ${[...kids]}, seed ${seed}`)
    for (const key of keys) if (key.state === 'retired') everRetired.add(key.kid)
  }

  const step = async () => {
    const node = dice.oneOf(nodes)
    const lagging = dice.below(4) === 0 ? dice.oneOf(nodes) : undefined
    switch (dice.below(12)) {
      case 0:
        await node.keys.publishNext()
        break
      case 1:
        await node.keys.signAtOnce()
        break
      case 2:
        await rotateAsBefore(node)
        break
      case 3: {
        const next = await start()
        nodes.splice(nodes.indexOf(node), 1, next)
        await node.core.close()
        break
      }
      case 4:
        node.skew.ms = dice.oneOf([-2, -1, 0, 1, 2]) * minuteMs
        break
      case 5:
        time.ms += dice.oneOf([1, 5, 20]) * hourMs
        break
      default:
        await node.keys.rotateIfDue()
    }
    if (lagging !== undefined && nodes.includes(lagging)) {
      // It signs once more with what it knew, within the second in which it syncs.
      if (!(await lagging.core.stores.keys.list()).some(isAgain(lagging))) await sign(lagging)
    }
    await mutant?.(dice.oneOf(nodes))
    await reloadKeys()
    for (const each of nodes) await each.keys.settle()
    await reloadKeys()
    await sign(dice.oneOf(nodes))
    await check()
    time.ms += dice.oneOf([1_000, 30_000, minuteMs, 3 * minuteMs])
  }

  /** A node that has not received a retirement for longer than a step is none that could sign. */
  const isAgain = (node: KeyNode) => (key: SigningKey) =>
    key.kid === node.keys.ring.signer().kid && everRetired.has(key.kid)

  nodes.push(await start())
  const made = await nodes[0]!.core.database.transaction(trx =>
    trx.insertInto('users').values(newUser('somebody@example.org')).returning('id').executeTakeFirstOrThrow(),
  )
  userId = made.id
  nodes.push(await start(), await start())
  await reloadKeys()
  after(async () => {
    for (const node of nodes) await node.core.close()
  })
  return { step }
}

for (const engine of engines) {
  describe(`signing keys through random clocks, settings, restarts and releases, on ${engine}`, () => {
    for (const seed of engine === 'sqlite' ? [1, 2, 3, 4] : [5]) {
      it(`never sign again once retired, and stay published for what they signed (seed ${seed})`, async () => {
        const { step } = await cluster(engine, seed)
        for (let steps = 0; steps < 150; steps++) await step()
      })
    }
  })
}

describe('the generator of these campaigns', () => {
  for (const [fault, { mutant, finds }] of Object.entries(mutants)) {
    it(`finds ${fault} when its mend is taken out`, async () => {
      const { step } = await cluster('sqlite', 1, mutant)
      await assert.rejects(async () => {
        for (let steps = 0; steps < 150; steps++) await step()
      }, finds)
    })
  }
})
