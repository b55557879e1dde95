import type { Gate, Grants } from '@propusk/gate/core'
import { jwtVerify } from 'jose'
import { audience, issuer } from '../gate/test/issuer.ts'
import type { Effort, Finding } from './bench.ts'
import { checkComparisons, checkContenders, checkedTokens, must } from './gate-check.ts'
import type { Comparison } from './support/comparison.ts'
import { connectTestbed } from './support/connected-testbed.ts'
import { casbinEnforce, caslCan } from './support/decision-peers.ts'
import { findingOf } from './support/finding-of.ts'
import { asked, askedName, type GateTestbed, makeGateTestbed } from './support/gate-testbed.ts'
import { type Contender, interleave, roundsOf } from './support/rounds.ts'
import { timePerAsyncCallNs, timePerCallNs } from './support/time-per-call.ts'

const tokenCount = 1_000

/** The gate in the process that asks it: no network, no server. */
export async function run(effort: Effort): Promise<Finding> {
  const testbed = makeGateTestbed(effort.smoke ? 20 : tokenCount)
  const { count, durationMs, warmUpMs } = roundsOf(effort)
  // Short turns, many of them: what a collection or a neighbour does falls on few.
  const turns = { count: count * 5, durationMs: durationMs / 20, warmUpMs: warmUpMs / 5 }
  const connected = await connectTestbed(checkedTokens)
  try {
    const own = await contenders(testbed)
    const figures = await interleave([...own, ...(await checkContenders(connected))], turns)
    const rounded = figures.map(rounds => rounds.map(ns => Number(ns.toPrecision(6))))
    return describe(rounded.slice(0, own.length), checkComparisons(rounded.slice(own.length)))
  } finally {
    connected.close()
  }
}

async function contenders(testbed: GateTestbed): Promise<Contender[]> {
  const { tokens, nowMs } = testbed
  const known = testbed.gate(tokens.length)
  const grants = grantsIn(known, testbed)
  const forgetful = testbed.gate(tokens.length / 2)
  const map = new Map(tokens.map(token => [token, true]))
  const held = new Map([[askedName, true]])
  const fresh = tokens.map(token => Buffer.from(token))
  const tokenAt = (turn: number) => tokens[turn % tokens.length]!
  const arrivedAt = (turn: number) => fresh[turn % fresh.length]!.toString('latin1')
  const pass = (gate: Gate, token: string) => {
    const result = gate.authenticate(token, nowMs, nowMs)
    must(result.ok && gate.allows(result.grants, asked.resource, asked.action))
  }
  const [casbin, casl] = [await casbinEnforce(), caslCan()]
  return [
    sync('known token', turn => pass(known, tokenAt(turn))),
    sync('map look-up', turn => must(map.get(tokenAt(turn)))),
    sync('known token, text made anew', turn => pass(known, arrivedAt(turn))),
    sync('map look-up, text made anew', turn => must(map.get(arrivedAt(turn)))),
    sync('first-seen token', turn => pass(forgetful, tokenAt(turn))),
    sync('one signature check', turn => must(testbed.checkSignature(turn))),
    { name: 'jose', measure: ms => timePerAsyncCallNs(turn => joseVerify(testbed, tokenAt(turn)), ms) },
    sync('decision', () => must(known.allows(grants, asked.resource, asked.action))),
    sync('map look-up of one text', () => must(held.get(askedName))),
    sync('casbin', () => must(casbin())),
    sync('CASL', () => must(casl())),
  ]
}

/** What the gate gives out for a token: the server asks with that, and so must we. */
function grantsIn(gate: Gate, { tokens, nowMs }: GateTestbed): Grants {
  const result = gate.authenticate(tokens[0]!, nowMs, nowMs)
  if (!result.ok) throw new Error(`The gate refuses the bench's own token: ${result.rejection}`)
  return result.grants
}

const sync = (name: string, call: (turn: number) => void): Contender => ({
  name,
  measure: durationMs => timePerCallNs(call, durationMs),
})

const joseVerify = ({ key, nowMs }: GateTestbed, token: string) =>
  jwtVerify(token, key.publicKey, {
    issuer,
    audience,
    typ: 'at+jwt',
    algorithms: ['ES256'],
    currentDate: new Date(nowMs),
  })

function describe(figures: readonly (readonly number[])[], ofCheck: readonly Comparison[]): Finding {
  const [known, look, arrived, lookArrived, first, signature, jose, decision, one, casbin, casl] = figures
  const comparisons: Comparison[] = [
    {
      key: 'gate.known',
      what: { en: 'Gate, known token, whole check', ru: 'Гейт, знакомый токен, вся проверка' },
      unit: 'ns',
      ours: known!,
      ceiling: { name: 'map look-up', rounds: look! },
      peer: { name: 'jose', rounds: jose! },
      targets: [{ against: 'ceiling', bound: 'at most', ratio: 2 }],
    },
    {
      key: 'gate.known.arrived',
      what: {
        en: 'The same, its text made from the bytes of a request',
        ru: 'То же, текст собран из байтов запроса',
      },
      unit: 'ns',
      ours: arrived!,
      ceiling: { name: 'map look-up', rounds: lookArrived! },
      targets: [{ against: 'ceiling', bound: 'at most', ratio: 2 }],
    },
    {
      key: 'gate.first',
      what: { en: 'Gate, first-seen token, whole check', ru: 'Гейт, новый токен, вся проверка' },
      unit: 'ns',
      ours: first!,
      ceiling: { name: 'one signature check', rounds: signature! },
      peer: { name: 'jose', rounds: jose! },
      targets: [{ against: 'ceiling', bound: 'at most', ratio: 1.1 }],
    },
    {
      key: 'gate.decision',
      what: { en: 'Decision alone, 1,000 roles', ru: 'Только решение, 1000 ролей' },
      unit: 'ns',
      ours: decision!,
      ceiling: { name: 'map look-up', rounds: one! },
      peer: { name: 'CASL', rounds: casl! },
    },
    {
      key: 'gate.decision.casbin',
      what: { en: 'The same', ru: 'То же' },
      unit: 'ns',
      ours: decision!,
      peer: { name: 'casbin', rounds: casbin! },
    },
    ...ofCheck,
  ]
  return findingOf({
    title: 'Gate in the process',
    method: `A whole check is: the token is good, its session lives, its roles allow the action. ${tokenCount.toLocaleString('en-GB')} tokens in turn, ES256, 1,000 roles with seven permissions each, of which a caller holds three. A first-seen token has been pushed out of a memory that holds half of them. Processor time, all threads.`,
    comparisons,
    notes: [
      'jose remembers no token, so a known one costs it a signature each time. CASL has a ready ability of this one user; casbin walks the policies of all roles.',
      'gate.check is that of a gate which follows a server over HTTP: with the verdict, its reasons and its principal. A first-seen token is checked by Node itself; other runtimes ask Web Crypto.',
    ],
  })
}
