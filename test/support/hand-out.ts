import assert from 'node:assert/strict'
import { newestMail, type ReadMail } from '../mail/support/mails-of.ts'
import type { SmtpServer } from '../mail/support/smtp.ts'
import { createAuthenticator } from './authenticator.ts'
import { browserHeaders } from './sample-requests.ts'
import { bytesOfRecoveryCode, bytesOfTotpSecret, type Wanted } from './search-for.ts'
import { totpAt } from './totp.ts'
import { goodPassword, makeSuperuser, type World } from './world.ts'

const passwords = [
  goodPassword,
  'seven quiet lamps at noon',
  'nine loud bells at dawn',
  'two slow boats in june',
]
const twice = (password: string) => ({ password, password2: password })

/**
 * Goes through every flow by which an account is proved, some to their end and some left waiting, and gives every secret that was
 * handed out meanwhile.
 */
export async function handOut(world: World, smtp: SmtpServer): Promise<readonly Wanted[]> {
  const given: Wanted[] = []
  const give = (what: string, text: string | undefined, bytes?: Uint8Array) => {
    assert.ok(text, `${what} was not handed out`)
    given.push({ what, text, ...(bytes && { bytes }) })
    return text
  }
  const call = async (path: string, body: unknown, token?: string, headers = {}) => {
    const answer = await world.call('POST', path, { body, token, headers })
    assert.ok([200, 201, 202, 204].includes(answer.status), `POST ${path}: ${answer.status} ${answer.text}`)
    return answer
  }
  const giveTokens = (of: string, body: { access: string; refresh: string }) => {
    give(`access token of ${of}`, body.access)
    give(`refresh token of ${of}`, body.refresh)
    return body
  }
  const mailOf = async (what: string, email: string): Promise<ReadMail> => {
    const read = await newestMail(world, smtp, email)
    if (read.token !== undefined) {
      give(`link of ${what}`, read.token)
      const mac = read.token.split('.')[1]!
      give(`signature of the link of ${what}`, mac, Buffer.from(mac, 'base64url'))
    }
    if (read.code !== undefined) give(`code of ${what}`, read.code)
    return read
  }
  const giveTicket = (ticket: string) => {
    give('ticket', ticket)
    const secret = ticket.split('.')[1]!
    give('secret of a ticket', secret, Buffer.from(secret, 'base64url'))
    return ticket
  }
  const giveChallenge = (what: string, options: { challenge: string }) => {
    const bytes = Buffer.from(options.challenge, 'base64url')
    give(`challenge of ${what}`, options.challenge, bytes)
    give(`nonce of the challenge of ${what}`, bytes.toString('base64url'), bytes.subarray(0, 16))
    return options
  }
  const giveCodes = (codes: readonly string[]) => {
    for (const code of codes) give('recovery code', code, bytesOfRecoveryCode(code))
    return codes
  }
  const giveCookies = ({ headers }: { headers: Readonly<Record<string, string | string[] | undefined>> }) => {
    for (const cookie of [headers['set-cookie']].flat()) {
      const [, name, value] = /^([^=]+)=([^;]{20,})/.exec(cookie!) ?? []
      give(`cookie ${name}`, value)
      for (const part of value!.split('.')) if (part.length > 20) give(`a part of the cookie ${name}`, part)
    }
  }
  for (const password of passwords) give('password', password)

  // Registrations: one by its link, one by its code, one that waits; one of an address that is taken.
  const [ann, bob] = ['ann@example.com', 'bob@example.com']
  for (const email of [ann, bob, 'waits@example.com']) {
    await call('/register/', { email, ...twice(goodPassword) })
  }
  await mailOf('a registration that waits', 'waits@example.com')
  await call('/email/verify/', { token: (await mailOf('a registration', ann)).token })
  await call('/email/verify/', { email: bob, code: (await mailOf('a registration', bob)).code })
  await call('/register/', { email: ann, ...twice(goodPassword) })
  const signIn = async (email: string, password: string) =>
    giveTokens(email, (await call('/login/', { email, password })).body)

  await makeSuperuser(world.core, (await world.core.stores.users.findByEmail(ann))!.user.id)

  // Passwords that were forgotten: by the link, by the code, and one that waits.
  await call('/password/reset/request/', { email: ann })
  const reset = await mailOf('a reset', ann)
  await call('/password/reset/', { token: reset.token, ...twice(passwords[1]!) })
  await call('/password/reset/request/', { email: ann })
  const { code } = await mailOf('another reset', ann)
  await call('/password/reset/', { email: ann, code, ...twice(passwords[2]!) })
  await call('/password/reset/request/', { email: bob })
  await mailOf('a reset that waits', bob)

  // Sign-in by a code: one used, one that waits.
  await call('/login/code/request/', { email: ann })
  const byCode = { email: ann, code: (await mailOf('a sign-in by a code', ann)).code }
  giveTokens('a sign-in by a code', (await call('/login/code/', byCode)).body)
  await call('/login/code/request/', { email: bob })
  await mailOf('a sign-in by a code that waits', bob)

  // Another address: changed, undone, changed again; and one that waits.
  let token = (await signIn(bob, goodPassword)).access
  await call('/me/email/', { email: 'bob.two@example.com' }, token)
  const changed = await mailOf('a change of address', 'bob.two@example.com')
  await call('/me/email/confirm/', { token: changed.token }, token)
  await call('/email/undo/', { token: (await mailOf('an undo', bob)).token })
  await call('/password/reset/', {
    token: (await mailOf('the reset of an undo', bob)).token,
    ...twice(passwords[3]!),
  })
  token = (await signIn(bob, passwords[3]!)).access
  await call('/me/email/', { email: 'bob.three@example.com' }, token)
  const { code: changeCode } = await mailOf('another change of address', 'bob.three@example.com')
  await call('/me/email/confirm/', { email: 'bob.three@example.com', code: changeCode }, token)
  await mailOf('an undo that waits', bob)
  await call('/me/email/', { email: 'bob.four@example.com' }, token)
  await mailOf('a change of address that waits', 'bob.four@example.com')
  await call('/me/email/verify/', undefined, token)
  await mailOf('a proof of an address', 'bob.three@example.com')

  // An app: begun and left; begun and confirmed; its codes used at each place.
  const annToken = (await signIn(ann, passwords[2]!)).access
  const giveSecret = (secret: string) => give('secret of an app', secret, bytesOfTotpSecret(secret))
  giveSecret((await call('/me/factors/totp/', {}, token)).body.secret)
  const begun = await call('/me/factors/totp/', { name: 'Phone' }, annToken)
  const secret = giveSecret(begun.body.secret)
  const now = () => {
    world.clock.advance(30_000)
    return totpAt(secret, world.clock.nowMs())
  }
  const confirmed = await call('/me/factors/totp/confirm/', { id: begun.body.id, code: now() }, annToken)
  const recovery = giveCodes(confirmed.body.recovery_codes)
  const ticket = async () =>
    giveTicket((await call('/login/', { email: ann, password: passwords[2] })).body.ticket)
  giveTokens('an app', (await call('/login/factor/', { ticket: await ticket(), totp: now() })).body)
  const byRecovery = await call('/login/factor/', { ticket: await ticket(), recovery: recovery[4] })
  const own = giveTokens('a recovery code', byRecovery.body).access
  await ticket()
  const raised = giveTokens('a step-up', (await call('/me/step_up/', { totp: now() }, own)).body).access
  giveCodes((await call('/me/factors/recovery/', undefined, raised)).body.recovery_codes)

  // Passkeys: enrolled, at sign-in, as a second step, at a step-up; and challenges that nobody answered.
  const authenticator = createAuthenticator(world.core.config.publicUrl)
  const creation = giveChallenge(
    'an enrolment',
    (await call('/me/factors/passkey/options/', undefined, raised)).body,
  )
  await call('/me/factors/passkey/', { passkey: authenticator.create(creation as never) }, raised)
  const ask = async (what: string, body: object) =>
    giveChallenge(what, (await call('/login/passkey/options/', body)).body)
  const alone = { passkey: authenticator.get(await ask('a sign-in', {})) }
  const byPasskey = giveTokens('a passkey', (await call('/login/passkey/', alone)).body).access
  const second = await ticket()
  const asked = await ask('a second step', { ticket: second })
  giveTokens(
    'a second step',
    (await call('/login/factor/', { ticket: second, passkey: authenticator.get(asked) })).body,
  )
  const ofStepUp = giveChallenge('a step-up', (await call('/me/step_up/options/', undefined, byPasskey)).body)
  await call('/me/step_up/', { passkey: authenticator.get(ofStepUp) }, byPasskey)
  await ask('a sign-in that nobody answered', {})

  // A browser that is remembered: its cookie leaves the second step out.
  const inPage = await call(
    '/browser/login/factor/',
    { ticket: await ticket(), totp: now(), remember_device: true },
    undefined,
    browserHeaders(),
  )
  giveCookies(inPage)

  // Invitations: one accepted, one that waits.
  for (const email of ['carl@example.com', 'dora@example.com']) {
    await call('/invitations/', { email, roles: [] }, raised)
    const { token } = await mailOf('an invitation', email)
    if (email.startsWith('carl')) await call('/invitations/accept/', { token, ...twice(goodPassword) })
  }

  // What else opens something: an API key, the cookies of a browser.
  give('API key', (await call('/api_keys/', { name: 'Robot' }, raised)).body.key)
  const inBrowser = await call(
    '/browser/login/',
    { email: 'bob.three@example.com', password: passwords[3] },
    undefined,
    browserHeaders(),
  )
  giveCookies(inBrowser)
  return given
}

/** Who may make API keys. */
