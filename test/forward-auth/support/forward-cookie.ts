import assert from 'node:assert/strict'
import { browserHeaders } from '../../support/sample-requests.ts'
import type { Account, Answer, World } from '../../support/world.ts'

export const forwardCookieName = '__Secure-propusk-forward'

/** Settings with which browsers are led to the sign-in of `auth.example.org` and back. */
export const cookieEnv = {
  PROPUSK_TRUST_PROXY: '127.0.0.1',
  PROPUSK_PUBLIC_URL: 'https://auth.example.org',
  PROPUSK_FORWARD_COOKIE_DOMAIN: 'example.org',
}

/** What an answer sets as the cookie of forward-auth, its attributes sorted. */
export function forwardCookieIn({ headers }: Pick<Answer, 'headers'>) {
  const set = [headers['set-cookie'] ?? []].flat().filter(each => each.startsWith(`${forwardCookieName}=`))
  assert.equal(set.length, 1)
  const [pair, ...attributes] = set[0]!.split('; ')
  return { value: pair!.slice(forwardCookieName.length + 1), attributes: attributes.sort() }
}

/** A browser on our page that asks for the cookie, with the refresh token that its own cookie holds. */
export const enter = (world: World, refresh: string | undefined, to = 'https://app.example.org/x') =>
  world.call('POST', '/browser/forward/', { body: { to }, headers: browserHeaders(refresh) })

/** `name=value`, as a browser sends it afterwards. */
export const forwardCookieOf = async (world: World, { refresh }: Account): Promise<string> =>
  `${forwardCookieName}=${forwardCookieIn(await enter(world, refresh)).value}`
