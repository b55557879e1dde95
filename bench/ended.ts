import { performance } from 'node:perf_hooks'
import type { Effort, Finding } from './bench.ts'
import { startBenchPostgres } from './support/bench-postgres.ts'
import type { Comparison } from './support/comparison.ts'
import { findingOf } from './support/finding-of.ts'
import { percentile } from './support/load.ts'
import { openNotifyRoundTrip } from './support/notify-round-trip.ts'
import {
  type OurServer,
  ourEnvironment,
  type SignedIn,
  startOurs,
  startSecondNode,
} from './support/our-server.ts'
import { openProber, type Prober } from './support/prober.ts'
import { requestBytes } from './support/request-bytes.ts'
import { checkOf } from './support/requests.ts'
import { onTestbed, type Testbed } from './support/testbed.ts'

/** Far beyond what is promised: a session that is alive by then has not been ended at all. */
const giveUpMs = 5_000

/** One deactivation, as both nodes saw it. */
interface Ending {
  /** Whether the request right after the answer was refused where the account was deactivated. */
  readonly refusedAtOnce: boolean
  /** On the other node: until a request was sent that was refused. 0 when that was before the answer. */
  readonly sinceAnswerMs: number
  readonly sinceCallMs: number
  readonly notifyMs: number
}

/** From «deactivate this account» to the rejection of its token, on two nodes of one PostgreSQL. */
export const run = (effort: Effort): Promise<Finding> => onTestbed(testbed => measure(testbed, effort))

async function measure(testbed: Testbed, effort: Effort): Promise<Finding> {
  const groups = effort.smoke ? 1 : effort.quick ? 3 : 10
  const perGroup = effort.smoke ? 3 : effort.quick ? 25 : 50
  const postgres = testbed.keep(await startBenchPostgres(effort))
  const url = await postgres.database()
  const environment = ourEnvironment(url)
  const node = testbed.keep(await startOurs(testbed.directory('first'), environment))
  const second = testbed.keep(await startSecondNode(testbed.directory('second'), environment))
  const notify = testbed.keep(await openNotifyRoundTrip(url))
  const here = await openProber(node.port)
  const there = await openProber(second.port)
  try {
    const people = await node.people(groups * perGroup)
    // The first of all pays for what is loaded and compiled once.
    await end(node, here, there, (await node.people(1))[0]!, notify.measureMs)
    const endings: Ending[] = []
    for (const person of people) endings.push(await end(node, here, there, person, notify.measureMs))
    return describe(endings, perGroup)
  } finally {
    here.close()
    there.close()
  }
}

async function end(
  node: OurServer,
  here: Prober,
  there: Prober,
  { id, access }: SignedIn,
  measureNotifyMs: () => Promise<number>,
): Promise<Ending> {
  const notifyMs = await measureNotifyMs()
  const asks = requestBytes(checkOf({ access }))
  const deactivates = requestBytes({
    method: 'PATCH',
    path: `/api/auth/users/${id}/`,
    headers: { Authorization: `Bearer ${node.admin.access}` },
    body: { is_active: false },
  })
  for (const prober of [here, there]) await mustBe(200, prober, asks)
  const calledAtMs = performance.now()
  const refused = there.sentFirst(401, asks, giveUpMs)
  const answer = await here.ask(deactivates)
  const answeredAtMs = performance.now()
  if (answer.status !== 200) throw new Error(`The deactivation answered ${answer.status}: ${answer.body}`)
  const refusedAtOnce = (await here.ask(asks)).status === 401
  const refusedAtMs = await refused
  return {
    refusedAtOnce,
    sinceAnswerMs: Math.max(0, refusedAtMs - answeredAtMs),
    sinceCallMs: refusedAtMs - calledAtMs,
    notifyMs,
  }
}

async function mustBe(status: number, prober: Prober, request: Buffer): Promise<void> {
  const answer = await prober.ask(request)
  if (answer.status !== status)
    throw new Error(`An answer was ${answer.status}, not ${status}: ${answer.body}`)
}

function describe(endings: readonly Ending[], perGroup: number): Finding {
  const groups = Array.from({ length: endings.length / perGroup }, (_, index) =>
    endings.slice(index * perGroup, (index + 1) * perGroup),
  )
  const each = (share: number, figureOf: (ending: Ending) => number) =>
    groups.map(group =>
      percentile(
        group.map(figureOf).sort((a, b) => a - b),
        share,
      ),
    )
  const atOnce = groups.map(
    group => (group.filter(ending => ending.refusedAtOnce).length / group.length) * 100,
  )
  const row = (
    key: string,
    share: number,
    what: Comparison['what'],
    figureOf: (ending: Ending) => number,
  ) => ({
    key,
    what,
    unit: 'ms',
    ours: each(share, figureOf),
    ceiling: { name: `NOTIFY p${share * 100}`, rounds: each(share, ending => ending.notifyMs) },
  })
  const comparisons: Comparison[] = [
    {
      key: 'ended.same_node',
      what: {
        en: 'Deactivated, same node: refused on the very next request',
        ru: 'Деактивация, тот же узел: отказ на ближайшем запросе',
      },
      unit: '%',
      ours: atOnce,
      targets: [{ against: 'itself', bound: 'at least', figure: 100 }],
    },
    row(
      'ended.second_node.p50',
      0.5,
      { en: 'Second node, from the call, p50', ru: 'Второй узел, от вызова, p50' },
      ending => ending.sinceCallMs,
    ),
    {
      ...row(
        'ended.second_node.p99',
        0.99,
        { en: 'Second node, from the call, p99', ru: 'Второй узел, от вызова, p99' },
        ending => ending.sinceCallMs,
      ),
      targets: [{ against: 'itself', bound: 'at most', figure: 20 }],
    },
    {
      key: 'ended.second_node.after_answer.p99',
      what: { en: 'Second node, from the answer, p99', ru: 'Второй узел, от ответа, p99' },
      unit: 'ms',
      ours: each(0.99, ending => ending.sinceAnswerMs),
      targets: [{ against: 'itself', bound: 'at most', figure: 20 }],
    },
  ]
  return findingOf({
    title: 'From deactivated to refused',
    method: `${endings.length} accounts, one after the other, in groups of ${perGroup}; two nodes on one durable PostgreSQL. The second node is asked without a pause from the moment of the call; what counts is when the first refused request was sent. The ceiling is NOTIFY from one connection to another.`,
    comparisons,
    notes: [
      'The call holds a whole transaction and its commit; NOTIFY alone holds neither. No peer: none of the others refuses a token on another node before it expires, unless each request asks the database.',
    ],
  })
}
