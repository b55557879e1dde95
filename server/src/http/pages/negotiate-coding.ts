import { type Coding, codings } from './page-files.ts'

/**
 * The best of the codings that lie there and that the client takes (RFC 9110 section 12.5.3); the plain form where it
 * names none of them.
 */
export function negotiateCoding(acceptEncoding: string | undefined, present: ReadonlySet<Coding>): Coding {
  const taken = new Set((acceptEncoding ?? '').split(',').filter(isTaken).map(nameOf))
  return codings.find(coding => present.has(coding) && taken.has(coding)) ?? 'identity'
}

const nameOf = (entry: string): string => entry.split(';', 1)[0]!.trim().toLowerCase()

/** A weight of nothing is a refusal. */
const isTaken = (entry: string): boolean => !/;\s*q=0(?:\.0{0,3})?\s*$/i.test(entry)
