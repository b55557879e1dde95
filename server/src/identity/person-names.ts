import { faultsOfName, type Message, readName } from '../kernel/index.ts'
import type { Names } from './user.ts'

export const maxNameCharacters = 150

/** The form in which a name is kept; a blank one is none. One that cannot be kept stays as it is, to be refused. */
export function keptName(presented: string | null): string | null {
  if (presented === null) return null
  const read = readName(presented, maxNameCharacters)
  return 'key' in read ? presented : read.name || null
}

const fields = { firstName: 'first_name', lastName: 'last_name', middleName: 'middle_name' } as const

export const faultsOfPersonName = (name: string): readonly Message[] =>
  faultsOfName(name, maxNameCharacters, true)

/** What is wrong with these names, by field. */
export const nameFaults = (names: Partial<Names>): Record<string, readonly Message[]> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, field]) => {
      const faults = faultsOfPersonName(names[key as keyof Names] ?? '')
      return faults.length > 0 ? [[field, faults]] : []
    }),
  )
