import { everyAction } from '@propusk/gate/core'
import { permissionName, splitPermissionName } from '../../kernel/index.ts'
import type { AccessModel } from './access-model.ts'
import { type Pace, unitsOfWords } from './pace.ts'

/**
 * The bits of a comparison: as `decide` of the gate would say, for all pairs at once (test/model/preview.test.ts and
 * `npm run oracle` compare the two). A number for each (resource, action) of a catalogue, so that what a role reaches is a set of bits. Changes make
 * neither resources nor actions: the numbers of a model are good for everything that it is changed to.
 */
export class PairSpace {
  readonly size: number
  readonly none: Bits
  readonly #resourceNames: readonly string[]
  readonly #actionNames: readonly string[]
  readonly #firstOf: ReadonlyMap<string, number>
  readonly #placeOf: ReadonlyMap<string, number>

  constructor({ resources, actions }: AccessModel) {
    // In the order of the names of pairs: a colon stands in no code name, so a resource's is compared with it.
    this.#resourceNames = [...resources.keys()].sort((a, b) => (`${a}:` < `${b}:` ? -1 : 1))
    this.#actionNames = [...actions.keys()].sort()
    this.#firstOf = new Map(
      this.#resourceNames.map((name, index) => [name, index * this.#actionNames.length]),
    )
    this.#placeOf = new Map(this.#actionNames.map((name, index) => [name, index]))
    this.size = this.#resourceNames.length * this.#actionNames.length
    this.none = emptyBits(this.size)
  }

  /** What these permissions reach among the resources and actions that the model has. */
  async reach(model: AccessModel, permissions: Iterable<string>, pace: Pace): Promise<Bits> {
    const bits = emptyBits(this.size)
    await pace.did(unitsOfWords(bits.length, 1))
    for (const permission of permissions) {
      const { resource, action } = splitPermissionName(permission)!
      const first = this.#firstOf.get(resource)
      const place = this.#placeOf.get(action)
      // Read a moment apart, a role can name what the catalogue does not have: it reaches nothing by it.
      if (first === undefined || place === undefined) continue
      if (action === everyAction) this.#addEvery(bits, model, first)
      else setBit(bits, first + place)
      const turn = pace.did(action === everyAction ? 1 + model.actions.size / 4 : 1)
      if (turn !== undefined) await turn
    }
    return bits
  }

  /** Everything that the model has: what a superuser reaches. */
  everything(model: AccessModel): Bits {
    const bits = emptyBits(this.size)
    for (const resource of model.resources.keys()) this.#addEvery(bits, model, this.#firstOf.get(resource)!)
    return bits
  }

  /** `resource:action` each, sorted. */
  async names(bits: Bits, pace: Pace): Promise<readonly string[]> {
    const actionNames = this.#actionNames
    const names: string[] = []
    for (const number of numbersIn(bits)) {
      const place = number % actionNames.length
      const resource = this.#resourceNames[(number - place) / actionNames.length]!
      names.push(permissionName(resource, actionNames[place]!))
      const turn = pace.did(1)
      if (turn !== undefined) await turn
    }
    return names
  }

  #addEvery(bits: Bits, model: AccessModel, first: number): void {
    for (const action of model.actions.keys()) setBit(bits, first + this.#placeOf.get(action)!)
  }
}

/** A set of small numbers below a size that all sets of one model share, 32 to a word. */
export type Bits = Uint32Array<ArrayBuffer>

export const emptyBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5)

function setBit(bits: Bits, number: number): void {
  bits[number >>> 5]! |= 1 << (number & 31)
}

export function addAll(target: Bits, added: Bits): void {
  for (let word = 0; word < target.length; word++) target[word]! |= added[word]!
}

/** What is in the one and not in the other. */
export const withoutBits = (bits: Bits, taken: Bits): Bits =>
  bits.map((word, index) => word & ~taken[index]!) as Bits

export function countBits(bits: Bits): number {
  let count = 0
  // Kernighan: each round takes the lowest bit away.
  for (let word of bits) for (; word !== 0; word &= word - 1) count++
  return count
}

export function isSame(a: Bits, b: Bits): boolean {
  if (a === b) return true
  for (let word = 0; word < a.length; word++) if (a[word] !== b[word]) return false
  return true
}

export function overlaps(a: Bits, b: Bits): boolean {
  for (let word = 0; word < a.length; word++) if ((a[word]! & b[word]!) !== 0) return true
  return false
}

function numbersIn(bits: Bits): readonly number[] {
  const numbers: number[] = []
  bits.forEach((word, index) => {
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) numbers.push(index * 32 + bit)
  })
  return numbers
}
