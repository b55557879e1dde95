import type { Parse, Parsed } from './parsed.ts'

/** `sqlite:PATH`, `sqlite::memory:` or `postgres://user:password@host:port/name`. INVARIANT: no fault quotes the address. */
export const databaseUrl: Parse<string> = presented => {
  if (presented.startsWith('sqlite:')) return sqlite(presented)
  if (/^postgres(?:ql)?:\/\//.test(presented)) return postgres(presented)
  return { fault: 'the address must begin with sqlite: or postgres://' }
}

/** The path of the database file; undefined for PostgreSQL and for a database in memory. */
export function databaseFile(url: string): string | undefined {
  if (isPostgres(url) || url === 'sqlite::memory:') return undefined
  return url.slice('sqlite:'.length)
}

export const isPostgres = (url: string): boolean => !url.startsWith('sqlite:')

function sqlite(presented: string): Parsed<string> {
  const path = presented.slice('sqlite:'.length)
  if (path === '') return { fault: 'a path must follow sqlite:' }
  // Others read `sqlite:///x` as a relative path; refused, so that nobody's data lands in a surprising place.
  if (path.startsWith('//')) return { fault: 'the path follows sqlite: directly, without //' }
  if (/[\p{Cc}?]/u.test(path)) return { fault: 'the path must not hold ? or control characters' }
  if (path.startsWith(':') && path !== ':memory:') return { fault: 'the only name with a colon is :memory:' }
  return { value: presented }
}

function postgres(presented: string): Parsed<string> {
  const encode = 'write the special characters of the password percent-encoded (@ as %40, / as %2F, # as %23)'
  const url = URL.canParse(presented) ? new URL(presented) : undefined
  if (url === undefined || /\s/.test(presented)) return { fault: `the address cannot be read; ${encode}` }
  if (url.hash !== '' || url.pathname.includes('@')) return { fault: `the address cannot be read; ${encode}` }
  if (!canDecode(url.username) || !canDecode(url.password) || !canDecode(url.pathname)) {
    return { fault: 'a % in the address is not followed by two hexadecimal digits; write % as %25' }
  }
  // A directory with a UNIX socket has no place before the path: `postgres:///name?host=/run/postgresql`.
  if (url.hostname === '' && !url.searchParams.has('host')) return { fault: 'the address names no host' }
  if (!/^\/[^/]+$/.test(url.pathname)) return { fault: 'the address must end in the name of one database' }
  return { value: presented }
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
