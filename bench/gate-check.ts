import type { GateVerdict } from '@propusk/gate'
import { jwtVerify } from 'jose'
import type { Comparison } from './support/comparison.ts'
import type { ConnectedTestbed } from './support/connected-testbed.ts'
import { casbinEnforce, caslCan } from './support/decision-peers.ts'
import { asked } from './support/gate-testbed.ts'
import type { Contender } from './support/rounds.ts'
import { timePerAsyncCallNs, timePerCallNs } from './support/time-per-call.ts'

const knownCount = 1_000
/** `connectGate` remembers ten thousand tokens and pushes out the oldest: of more in turn, each has been forgotten. */
const firstSeenCount = 10_500
export const checkedTokens = knownCount + firstSeenCount

/** What a service calls, beside what it would put together from packages. */
export async function checkContenders(testbed: ConnectedTestbed): Promise<Contender[]> {
  const { gate, tokens } = testbed
  const known = tokens.slice(0, knownCount)
  const check = (token: string) => gate.check(token, asked.resource, asked.action)
  // One that was pushed out by the first-seen tokens of the round before is looked at again before it is measured.
  const remember = async () => {
    for (const token of known) allowed(await check(token))
  }
  const onKnown = (call: (token: string) => void): Contender['measure'] => {
    return async ms => {
      await remember()
      return timePerCallNs(turn => call(known[turn % known.length]!), ms)
    }
  }
  const others = tokens.slice(knownCount)
  let seen = 0
  const [casbin, casl] = [await casbinEnforce(), caslCan()]
  const verified = (turn: number) => joseVerify(testbed, tokens[turn % tokens.length]!)
  return [
    { name: 'gate.check, known', measure: onKnown(token => allowed(check(token))) },
    {
      name: 'gate.check, known, and one more question to the principal',
      measure: onKnown(token => must(allowed(check(token)).principal.may(asked.resource, 'read'))),
    },
    {
      name: 'gate.check, first-seen',
      // In Node it answers at once.
      measure: ms => timePerCallNs(() => void allowed(check(others[seen++ % others.length]!)), ms),
    },
    {
      name: 'one signature check of the same tokens',
      measure: ms => timePerCallNs(turn => must(testbed.checkSignature(turn)), ms),
    },
    {
      name: 'jose and CASL',
      measure: ms =>
        timePerAsyncCallNs(async turn => {
          await verified(turn)
          must(casl())
        }, ms),
    },
    {
      name: 'jose and casbin',
      measure: ms =>
        timePerAsyncCallNs(async turn => {
          await verified(turn)
          must(casbin())
        }, ms),
    },
  ]
}

function allowed(verdict: GateVerdict | Promise<GateVerdict>): Extract<GateVerdict, { allowed: true }> {
  if (verdict instanceof Promise || !verdict.allowed) throw new Error('The gate did not let a good token in.')
  return verdict
}

/** A wrong answer would be quick, and worth nothing. */
export function must(answer: unknown): void {
  if (answer !== true) throw new Error('It gave a wrong answer.')
}

const joseVerify = ({ key, issuer, audience }: ConnectedTestbed, token: string) =>
  jwtVerify(token, key.publicKey, { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] })

/** Rows of `checkContenders`, in their order. */
export function checkComparisons(figures: readonly (readonly number[])[]): Comparison[] {
  const [known, principal, first, signature, casl, casbin] = figures
  return [
    {
      key: 'gate.check.known',
      what: { en: 'gate.check of a service, known token', ru: 'gate.check в сервисе, знакомый токен' },
      unit: 'ns',
      ours: known!,
      peer: { name: 'jose and CASL', rounds: casl! },
      targets: [{ against: 'itself', bound: 'at most', figure: 2_000 }],
    },
    {
      key: 'gate.check.casbin',
      what: { en: 'The same, against casbin', ru: 'То же, против casbin' },
      unit: 'ns',
      ours: known!,
      peer: { name: 'jose and casbin', rounds: casbin! },
    },
    {
      key: 'gate.check.principal',
      what: {
        en: 'gate.check, known token, and one more question to its principal',
        ru: 'gate.check, знакомый токен, и ещё один вопрос к principal',
      },
      unit: 'ns',
      ours: principal!,
      peer: { name: 'jose and CASL', rounds: casl! },
    },
    {
      key: 'gate.check.first',
      what: { en: 'gate.check, first-seen token', ru: 'gate.check, новый токен' },
      unit: 'ns',
      ours: first!,
      ceiling: { name: 'one signature check', rounds: signature! },
      peer: { name: 'jose and CASL', rounds: casl! },
      targets: [{ against: 'ceiling', bound: 'at most', ratio: 1.25 }],
    },
  ]
}
