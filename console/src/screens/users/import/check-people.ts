import { ProblemError } from '@propusk/client'
import { api } from '../../../session/index.ts'
import type { ImportRow } from './read-people.ts'

/** Why a row would be refused: of a field, or of the whole. */
export interface Fault {
  readonly field: string | null
  readonly message: string
}

/** As many as one call takes comfortably; the server reads at most 64 KiB. */
const rowsPerCall = 50
const charactersPerCall = 20_000

type Proposed = Omit<ImportRow, 'line' | 'fault'>

export const toProposed = ({ line: _, fault: __, ...row }: ImportRow): Proposed => row

/**
 * Asks the server about every row, some at once, in order; gives after each call what it has found so far. Nothing is
 * written by it.
 */
export async function* checkPeople(
  rows: readonly ImportRow[],
  signal: AbortSignal,
): AsyncGenerator<ReadonlyMap<number, readonly Fault[]>> {
  const found = new Map<number, readonly Fault[]>()
  for (const portion of portions(rows)) {
    const results = await check(portion, signal)
    for (const [index, { faults }] of results.entries()) found.set(portion[index]!.line, faults)
    yield new Map(found)
  }
}

async function check(
  portion: readonly ImportRow[],
  signal: AbortSignal,
): Promise<readonly { readonly faults: readonly Fault[] }[]> {
  try {
    return (await api.call('checkUsers', { body: { users: portion.map(toProposed) }, signal })).results
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'invalid_request') throw error
    // Something that no row can be: more roles than exist, say. Alone, a row shows that it is the one.
    if (portion.length > 1) {
      const each: { readonly faults: readonly Fault[] }[] = []
      for (const row of portion) each.push(...(await check([row], signal)))
      return each
    }
    const faults = Object.entries(error.errors).flatMap(([field, messages]) =>
      messages.map(message => ({ field: field.replace(/^users\.0\./, ''), message })),
    )
    return [{ faults }]
  }
}

function* portions(rows: readonly ImportRow[]): Generator<readonly ImportRow[]> {
  let portion: ImportRow[] = []
  let length = 0
  for (const row of rows) {
    const more = JSON.stringify(row).length
    if (portion.length > 0 && (portion.length >= rowsPerCall || length + more > charactersPerCall)) {
      yield portion
      portion = []
      length = 0
    }
    portion.push(row)
    length += more
  }
  if (portion.length > 0) yield portion
}
