import type { DemoAccount } from './people.ts'

/** What `npm run demo` prints once the server listens at `url`, an address without a slash at its end. */
export function banner(url: string, accounts: readonly DemoAccount[]): string {
  const [first] = accounts.toReversed()
  return [
    'Propusk is running with demo data.',
    '',
    ...columns([
      ['Server', url],
      ['Swagger', `${url}/swagger/`],
      ['ReDoc', `${url}/redoc/`],
      ['OpenAPI', `${url}/openapi.json`],
      ['Emails', `${url}/console/mail/`],
    ]),
    '',
    'Accounts',
    ...columns(accounts.map(({ email, password, shows }) => [email, password, shows])),
    '',
    ...(first === undefined ? [] : firstCalls(url, first)),
    'Ctrl-C stops the server.',
    '',
  ].join('\n')
}

const firstCalls = (url: string, { email, password }: DemoAccount): readonly string[] => [
  'First calls: sign in, keep the access token of the answer, use it',
  `  curl -s ${url}/api/auth/login/ -H 'Content-Type: application/json' \\`,
  `    -d '${JSON.stringify({ email, password })}'`,
  '  TOKEN=...',
  `  curl -s ${url}/api/auth/me/ -H "Authorization: Bearer $TOKEN"`,
  `  curl -s ${url}/api/demo/documents/ -H "Authorization: Bearer $TOKEN"`,
  `  curl -s -X DELETE ${url}/api/demo/documents/1/ -H "Authorization: Bearer $TOKEN"`,
  '',
]

/** Aligned, indented by two. The last cell of a row needs no padding. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, index) => Math.max(cell.length, known[index] ?? 0)),
    [],
  )
  return rows.map(row => `  ${row.map((cell, index) => cell.padEnd(widths[index]!)).join('  ')}`.trimEnd())
}
