/** An address of PostgreSQL that names several hosts, as libpq takes it: `postgres://u:p@h1:5432,h2/db`. */
export interface HostList {
  readonly hosts: readonly string[]
  /** The same address with this in the place of its hosts: one that a URL parser understands. */
  with(host: string): string
}

/** Splits the hosts of an address; one host is a list of one. Looks at nothing else, so that a faulty address stays one. */
export function hostListOf(url: string): HostList {
  const [, before = '', hosts = '', after = ''] =
    /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/s.exec(url) ?? []
  return { hosts: hosts.split(','), with: host => `${before}${host}${after}` }
}
