import assert from 'node:assert/strict'
import { browserHeaders } from './sample-requests.ts'
import { type Answer, goodPassword, type World } from './world.ts'

/** The token of a printed link. */
export function tokenOf(link: string | undefined): string {
  const token = /^http:\/\/localhost:8000\/console\/setup\/#token=([\w-]{43})$/.exec(link ?? '')?.[1]
  assert.ok(token !== undefined, `${link}`)
  return token
}

/** What a start prints on this server: the token of its link. */
export const printToken = async ({ server }: World): Promise<string> =>
  tokenOf(await server.setup.print('http://localhost:8000'))

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent; tests assert what they read.
type Anything = any

/** Makes the first superuser, as the page of the console does. */
export const setUp = (
  world: World,
  token: string,
  changes: Readonly<Record<string, unknown>> = {},
  headers: Record<string, string> = browserHeaders(),
): Promise<Answer<Anything>> =>
  world.call('POST', '/setup/', {
    body: { token, email: 'root@example.com', password: goodPassword, password2: goodPassword, ...changes },
    headers,
  })

export const checkLink = (
  world: World,
  token: string,
  headers: Record<string, string> = {},
): Promise<Answer<Anything>> => world.call('POST', '/setup/check/', { body: { token }, headers })

/** The emails of all superusers. */
export async function superusersIn({ core }: World): Promise<readonly string[]> {
  const rows = await core.database.read
    .selectFrom('users')
    .select('email')
    .where('is_superuser', '=', true)
    .orderBy('id')
    .execute()
  return rows.map(({ email }) => email)
}
