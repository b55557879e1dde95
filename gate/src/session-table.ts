/** Of four words: the uuid. */
const wordsPerUuid = 4
const leastSlots = 64

/** INVARIANT: at most half of the slots are taken, so a search soon meets an empty one; a minute of 0 says empty. */
class Slots {
  readonly #keys: Uint32Array
  readonly #untilMinutes: Uint32Array
  taken: number

  constructor(
    count: number,
    { keys, untilMinutes, taken } = {
      keys: new Uint32Array(count * wordsPerUuid),
      untilMinutes: new Uint32Array(count),
      taken: 0,
    },
  ) {
    this.#keys = keys
    this.#untilMinutes = untilMinutes
    this.taken = taken
  }

  get count(): number {
    return this.#untilMinutes.length
  }

  /** The slot of the uuid, or the empty one where it would stand. */
  find(a: number, b: number, c: number, d: number): number {
    const mask = this.count - 1
    for (let slot = mix(a, b, c, d) & mask; ; slot = (slot + 1) & mask) {
      if (this.#untilMinutes[slot] === 0) return slot
      const key = slot * wordsPerUuid
      if (
        this.#keys[key + 3] === d &&
        this.#keys[key + 2] === c &&
        this.#keys[key + 1] === b &&
        this.#keys[key] === a
      )
        return slot
    }
  }

  untilMinuteAt(slot: number): number {
    return this.#untilMinutes[slot]!
  }

  put(slot: number, a: number, b: number, c: number, d: number, untilMinute: number): void {
    if (this.#untilMinutes[slot] === 0) {
      const key = slot * wordsPerUuid
      this.#keys[key] = a
      this.#keys[key + 1] = b
      this.#keys[key + 2] = c
      this.#keys[key + 3] = d
      this.taken += 1
    }
    if (this.#untilMinutes[slot]! < untilMinute) this.#untilMinutes[slot] = untilMinute
  }

  /** How many are until a later minute. */
  countAfter(minute: number): number {
    let count = 0
    for (const untilMinute of this.#untilMinutes) if (untilMinute > minute) count++
    return count
  }

  /** The same in so many slots, but for those until this minute or before. */
  rebuilt(count: number, minute: number): Slots {
    const slots = new Slots(count)
    this.each(minute, (a, b, c, d, untilMinute) => slots.put(slots.find(a, b, c, d), a, b, c, d, untilMinute))
    return slots
  }

  copy(): Slots {
    return new Slots(this.count, {
      keys: this.#keys.slice(),
      untilMinutes: this.#untilMinutes.slice(),
      taken: this.taken,
    })
  }

  each(
    minute: number,
    visit: (a: number, b: number, c: number, d: number, untilMinute: number) => void,
    { from, before } = { from: 0, before: this.count },
  ): void {
    for (let slot = from; slot < before; slot++) {
      const untilMinute = this.#untilMinutes[slot]!
      const key = slot * wordsPerUuid
      if (untilMinute > minute)
        visit(this.#keys[key]!, this.#keys[key + 1]!, this.#keys[key + 2]!, this.#keys[key + 3]!, untilMinute)
    }
  }
}

/** Sessions by uuid, each with the minute until which it is remembered: twenty bytes and a half for each, and no object. */
export function createSessionTable() {
  let slots = new Slots(leastSlots)

  return {
    /** Remembers the session whose canonical uuid stands in `text` at `at`, until this minute or a later one known. */
    add(text: string, at: number, untilMinute: number): void {
      if (slots.taken * 2 >= slots.count) slots = slots.rebuilt(slots.count * 2, 0)
      const a = wordAt(text, at, at + 4)
      const b = wordAt(text, at + 9, at + 14)
      const c = wordAt(text, at + 19, at + 24)
      const d = wordAt(text, at + 28, at + 32)
      slots.put(slots.find(a, b, c, d), a, b, c, d, untilMinute)
    },
    /** The minute until which it is remembered; 0 for a session that is not. */
    untilMinuteOf(uuid: string): number {
      // Whatever else is asked for was never remembered.
      if (slots.taken === 0 || !isCanonicalUuid(uuid)) return 0
      const slot = slots.find(
        wordAt(uuid, 0, 4),
        wordAt(uuid, 9, 14),
        wordAt(uuid, 19, 24),
        wordAt(uuid, 28, 32),
      )
      return slots.untilMinuteAt(slot)
    },
    /** Drops those until this minute or before. */
    forget(minute: number): void {
      const living = slots.countAfter(minute)
      // To close a gap each slot after it would have to move: they go together, once there are enough of them.
      if (living === slots.taken || (living > 0 && (slots.taken - living) * 8 < slots.taken)) return
      let count = leastSlots
      while (living * 2 >= count) count *= 2
      slots = slots.rebuilt(count, minute)
    },
    /**
     * The uuids that it holds now, some thousands at a time, by minute: a minute comes as often as it has so many. What is done
     * meanwhile changes none of them.
     */
    capture(): () => Generator<readonly [untilMinute: number, uuids: readonly string[]]> {
      const held = slots.copy()
      return function* () {
        for (let from = 0; from < held.count; from += slotsAtATime) {
          const lists = new Map<number, string[]>()
          held.each(
            0,
            (a, b, c, d, untilMinute) => {
              const list = lists.get(untilMinute) ?? []
              lists.set(untilMinute, list)
              list.push(toText(a, b, c, d))
            },
            { from, before: Math.min(from + slotsAtATime, held.count) },
          )
          yield* lists
        }
      }
    },
  }
}

/** Some milliseconds of work. */
const slotsAtATime = 8_192

/** Whether a canonical uuid stands in `text` at `at`. */
export function isUuidAt(text: string, at: number): boolean {
  for (let place = 0; place < uuidLength; place++) {
    const code = text.charCodeAt(at + place)
    const isDash = place === 8 || place === 13 || place === 18 || place === 23
    if (isDash ? code !== dash : !(digitOf[code]! >= 0)) return false
  }
  return true
}

export const uuidLength = 36
const dash = 0x2d

/** By character code: the value of a hexadecimal digit in lower case, or -1. */
const digitOf = new Int8Array(128).fill(-1)
for (const [value, digit] of [...'0123456789abcdef'].entries()) digitOf[digit.charCodeAt(0)] = value

/** The 32-bit number whose first four digits are at `high`, and whose last four are at `low`. */
const wordAt = (text: string, high: number, low: number): number =>
  ((digitsAt(text, high) << 16) | digitsAt(text, low)) >>> 0

const digitsAt = (text: string, at: number): number =>
  (digitOf[text.charCodeAt(at)]! << 12) |
  (digitOf[text.charCodeAt(at + 1)]! << 8) |
  (digitOf[text.charCodeAt(at + 2)]! << 4) |
  digitOf[text.charCodeAt(at + 3)]!

/** The last words of a uuid are random, its first ones a time: all count, so that whatever is given spreads. */
function mix(a: number, b: number, c: number, d: number): number {
  let mixed = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d) ^ Math.imul(b ^ (b >>> 13), 0x297a2d39)
  mixed ^= Math.imul(c ^ (c >>> 16), 0x45d9f3b) ^ Math.imul(d ^ (d >>> 15), 0x85ebca6b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function toText(a: number, b: number, c: number, d: number): string {
  const [first, second, third, last] = [a, b, c, d].map(word => word.toString(16).padStart(8, '0')) as [
    string,
    string,
    string,
    string,
  ]
  return `${first}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${last}`
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const uuidVersion7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** RFC 9562 section 4, in lower case only: the ledger compares texts, and one session has one. */
export const isCanonicalUuid = (text: unknown): text is string => typeof text === 'string' && uuid.test(text)

/** RFC 9562 section 5.7: a `sid` is a UUIDv7, because the gate reads the session's start from it. */
export const isSessionId = (text: unknown): text is string =>
  typeof text === 'string' && uuidVersion7.test(text)

/** The first 48 bits of a UUIDv7 are the milliseconds since 1970 at which it was made (ADR 3). */
export const startOfSessionMs = (sid: string): number =>
  Number.parseInt(sid.slice(0, 8) + sid.slice(9, 13), 16)
