import type { Engine } from './database.ts'

export interface DatabaseTarget {
  readonly engine: Engine
  /** SQLite: a file path or `:memory:`. PostgreSQL: the URL as it was given; it may hold a password. */
  readonly location: string
}

const example = 'such as sqlite:./data/propusk.db or postgres://user:password@host:5432/name'

/** Splits a database URL. Throws a one-line Error that never repeats the URL, since it may hold a password. */
export function parseDatabaseUrl(url: string): DatabaseTarget {
  if (/^postgres(ql)?:\/\//.test(url)) return { engine: 'postgres', location: url }
  if (!url.startsWith('sqlite:'))
    throw new Error(`The database URL names no engine that we know; write one ${example}`)
  const location = url.slice('sqlite:'.length).replace(/^\/\//, '')
  if (location === '') throw new Error(`The database URL names no file; write one ${example}`)
  return { engine: 'sqlite', location }
}
