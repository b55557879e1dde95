import type { Account } from './account.ts'
import type { Act } from './acts.ts'
import type { Dice } from './dice.ts'

/** What a device holds of its session. */
export interface Held {
  readonly access: string
  readonly accessSinceMs: number
  readonly refresh: string
  /** Refresh tokens that were used before, the last one last. */
  readonly consumed: readonly ConsumedToken[]
}

export interface ConsumedToken {
  readonly token: string
  /** When it was sent: the server took it at this moment or later. */
  readonly sentAtMs: number
}

export interface Person {
  readonly email: string
  /** What the database must hold; undefined until a registration is known to be stored. */
  account: Account | undefined
  /** Of live sessions, by their uuid. */
  readonly held: Map<string, Held>
  /** Of sessions that are over. */
  readonly dead: Held[]
  /** Sent, and not answered yet: after a kill nobody but the database knows whether it was done. One at a time. */
  doubt: Act | undefined
  /** Something was done since the last check. */
  touched: boolean
}

/** Everybody, and who is free to act. */
export class Crowd {
  readonly people: Person[] = []
  readonly #dice: Dice
  #counter = 0

  constructor(dice: Dice) {
    this.#dice = dice
  }

  newcomer(): Person {
    this.#counter += 1
    const email = `person-${this.#counter}@example.org`
    const blank = { account: undefined, doubt: undefined, touched: true }
    const person: Person = { email, held: new Map(), dead: [], ...blank }
    this.people.push(person)
    return person
  }

  /** Whoever has no act under way and fits. */
  anyone(fits: (person: Person, account: Account) => boolean): Person | undefined {
    return this.#dice.pick(
      this.people.filter(
        person => person.doubt === undefined && person.account && fits(person, person.account),
      ),
    )
  }

  get liveSessions(): number {
    return this.people.reduce((sum, person) => sum + person.held.size, 0)
  }

  forget(person: Person): void {
    this.people.splice(this.people.indexOf(person), 1)
  }
}

/** What a person holds of sessions that are over is kept apart: it must never work again. */
export function buryEnded(person: Person): void {
  for (const [uuid, held] of person.held) {
    if (person.account?.sessions[uuid]?.endReason === null) continue
    person.held.delete(uuid)
    person.dead.push(held)
  }
}
