import fc from 'fast-check'
import { isLive, type Model, type RefreshToken, type Session, type Token } from './model.ts'
import type { Nodes } from './nodes.ts'
import { observeGate } from './observe.ts'

export type Command = fc.AsyncCommand<Model, Nodes>

interface CommandSpec<Args> {
  readonly name: string
  readonly args: fc.Arbitrary<Args>
  /** Whether the model has what the command speaks of; sessions unless said otherwise. */
  readonly isPossible?: (model: Readonly<Model>) => boolean
  run(model: Model, nodes: Nodes, args: Args): Promise<void>
}

/** A command as fast-check runs and prints it. After each, the node that was asked is asked what it thinks now. */
export const command = <Args extends { readonly node: number }>({
  name,
  args,
  isPossible = model => model.sessions.length > 0,
  run,
}: CommandSpec<Args>): fc.Arbitrary<Command> =>
  args.map(given => ({
    check: isPossible,
    async run(model, nodes) {
      await run(model, nodes, given)
      await observeGate(model, nodes, given.node)
    },
    toString: () => `${name} ${JSON.stringify(given)}`,
  }))

export const node = fc.nat({ max: 1 })
/** Which one of as many as there are: an index that wraps. */
export const which = fc.nat({ max: 11 })
/** How far back from the newest: mostly the newest itself. */
export const back = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat({ max: 3 }) },
)

export const pick = <T>(items: readonly T[], index: number): T => items[index % items.length]!

/** A live session three times out of four, if there is one: dead ones soon outnumber them. */
export function pickSession(model: Model, index: number): Session {
  const live = model.sessions.filter(session => isLive(model, session))
  return pick(index % 4 === 0 || live.length === 0 ? model.sessions : live, index)
}

const fromEnd = <T>(items: readonly T[], steps: number): T => items.at(-1 - (steps % items.length))!

export const accessOf = ({ accessTokens }: Session, steps: number): Token => fromEnd(accessTokens, steps)
export const refreshOf = ({ refreshTokens }: Session, steps: number): RefreshToken =>
  fromEnd(refreshTokens, steps)
