import { everyAction } from '@propusk/gate'
import { permissionName, splitPermissionName } from '../../kernel/index.ts'
import type { AccessModel } from './access-model.ts'
import { type Pace, unitsOfWords } from './pace.ts'

/**
 * The bits of a comparison: as `decide` of the gate would say, for all pairs at once (test/model/preview.test.ts and
 * `npm run oracle` compare the two). A number for each (resource, action) of a catalogue, so that what a role reaches is a set of bits. Changes make
 * neither resources nor actions: the numbers of a model are good for everything that it is changed to.
 */
export interface PairSpace {
  readonly size: number
  readonly none: Bits
  /** What these permissions reach among the resources and actions that the model has. */
  reach(model: AccessModel, permissions: Iterable<string>, pace: Pace): Promise<Bits>
  /** Everything that the model has: what a superuser reaches. */
  everything(model: AccessModel): Bits
  /** `resource:action` each, sorted. */
  names(bits: Bits, pace: Pace): Promise<readonly string[]>
}

export function createPairSpace({ resources, actions }: AccessModel): PairSpace {
  // In the order of the names of pairs: a colon stands in no code name, so a resource's is compared with it.
  const resourceNames = [...resources.keys()].sort((a, b) => (`${a}:` < `${b}:` ? -1 : 1))
  const actionNames = [...actions.keys()].sort()
  const firstOf = new Map(resourceNames.map((name, index) => [name, index * actionNames.length]))
  const placeOf = new Map(actionNames.map((name, index) => [name, index]))
  const size = resourceNames.length * actionNames.length

  const addEvery = (bits: Bits, model: AccessModel, first: number) => {
    for (const action of model.actions.keys()) setBit(bits, first + placeOf.get(action)!)
  }

  return {
    size,
    none: emptyBits(size),

    async reach(model, permissions, pace) {
      const bits = emptyBits(size)
      await pace.did(unitsOfWords(bits.length, 1))
      for (const permission of permissions) {
        const { resource, action } = splitPermissionName(permission)!
        const first = firstOf.get(resource)
        const place = placeOf.get(action)
        // Read a moment apart, a role can name what the catalogue does not have: it reaches nothing by it.
        if (first === undefined || place === undefined) continue
        if (action === everyAction) addEvery(bits, model, first)
        else setBit(bits, first + place)
        const turn = pace.did(action === everyAction ? 1 + model.actions.size / 4 : 1)
        if (turn !== undefined) await turn
      }
      return bits
    },

    everything(model) {
      const bits = emptyBits(size)
      for (const resource of model.resources.keys()) addEvery(bits, model, firstOf.get(resource)!)
      return bits
    },

    async names(bits, pace) {
      const names: string[] = []
      for (const number of numbersIn(bits)) {
        const place = number % actionNames.length
        const resource = resourceNames[(number - place) / actionNames.length]!
        names.push(permissionName(resource, actionNames[place]!))
        const turn = pace.did(1)
        if (turn !== undefined) await turn
      }
      return names
    },
  }
}

/** A set of small numbers below a size that all sets of one model share, 32 to a word. */
export type Bits = Uint32Array<ArrayBuffer>

export const emptyBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5)

export function setBit(bits: Bits, number: number): void {
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

export function numbersIn(bits: Bits): readonly number[] {
  const numbers: number[] = []
  bits.forEach((word, index) => {
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) numbers.push(index * 32 + bit)
  })
  return numbers
}
