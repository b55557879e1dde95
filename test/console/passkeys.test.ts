import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, describe, test } from 'node:test'
import type { CDPSession, Page } from 'playwright-core'
import { newestMail } from '../mail/support/mails-of.ts'
import { mailEnv, smtpServer } from '../mail/support/smtp.ts'
import { launchBrowser } from '../support/browser.ts'
import { build } from '../support/build.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { unthrottled } from '../support/throttle.ts'
import { type Account, testWorld } from '../support/world.ts'
import { openPage, settled } from './support/console-world.ts'

await build('console')
const smtp = await smtpServer()
const port = await freePort()
const address = `http://localhost:${port}`
const world = await testWorld({
  env: { ...unthrottled, ...mailEnv(smtp), PROPUSK_PUBLIC_URL: address, PROPUSK_ACCESS_TTL: '1h' },
})
await world.server.app.listen({ host: '127.0.0.1', port })
const browser = await launchBrowser()
after(() => browser.close())

/** As the protocol of the debugger writes it. */
interface Credential {
  readonly credentialId: string
  readonly isResidentCredential: boolean
  readonly rpId?: string
  readonly privateKey: string
  readonly userHandle?: string
  readonly signCount: number
}

/** An authenticator of Chromium itself. With `isPresent` off it waits, as a person who does not touch it makes it wait. */
async function addAuthenticator(
  session: CDPSession,
  { isVerified = true, isPresent = true, holds = [] as readonly Credential[] } = {},
) {
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: isVerified,
      automaticPresenceSimulation: isPresent,
    },
  })
  for (const credential of holds) {
    await session.send('WebAuthn.addCredential', { authenticatorId, credential })
  }
  return {
    credentials: async (): Promise<readonly Credential[]> =>
      (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    setVerified: (isUserVerified: boolean) =>
      session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    remove: () => session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
  }
}

/** What the page asked its browser, and said to it about passkeys. */
interface Calls {
  readonly offers: { readonly mediation: string | undefined; readonly challenge: string }[]
  readonly unknown: { readonly credentialId: string }[]
  readonly accepted: { readonly userId: string; readonly allAcceptedCredentialIds: string[] }[]
}

/** Runs in the page before any of its scripts. An hour of it lasts `fast` times less. */
const listenIn = (fast: number) => {
  const calls: Calls = { offers: [], unknown: [], accepted: [] }
  Object.assign(globalThis, { calls })
  const Passkey = globalThis.PublicKeyCredential as unknown as Record<string, unknown>
  Passkey.signalUnknownCredential = async (said: never) => void calls.unknown.push(said)
  Passkey.signalAllAcceptedCredentials = async (said: never) => void calls.accepted.push(said)
  const get = navigator.credentials.get.bind(navigator.credentials)
  navigator.credentials.get = options => {
    const challenge = String.fromCharCode(...new Uint8Array(options!.publicKey!.challenge as ArrayBuffer))
    calls.offers.push({ mediation: options!.mediation, challenge: btoa(challenge) })
    return get(options)
  }
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  AbortSignal.timeout = ms => timeout(ms / fast)
}
const callsOf = (page: Page): Promise<Calls> =>
  page.evaluate(() => (globalThis as unknown as { calls: Calls }).calls)

async function open(as: Account | undefined, { fast = 1 } = {}) {
  const opened = await openPage(browser, address, { ...(as && { as }) })
  await opened.page.addInitScript(listenIn, fast)
  const session = await opened.page.context().newCDPSession(opened.page)
  // The page's own button shows no window of the browser.
  await session.send('WebAuthn.enable', { enableUI: false })
  return { ...opened, session }
}

async function enrol(page: Page, name: string) {
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText(name, { exact: true }).first().waitFor()
  const kept = page.getByRole('button', { name: 'I have saved them' })
  if (await kept.isVisible()) await kept.click()
  await settled(page)
}

/** A person whose address is proved, with one passkey, and the authenticator that holds it; signed out again. */
async function withPasskey(fast = 1) {
  const person = await world.register()
  const { token } = await newestMail(world, smtp, person.email)
  assert.equal((await world.call('POST', '/email/verify/', { body: { token } })).status, 204)
  const opened = await open(person, { fast })
  const authenticator = await addAuthenticator(opened.session)
  await opened.go('/account/factors')
  await enrol(opened.page, 'Laptop')
  const [credential] = await authenticator.credentials()
  assert.ok(credential)
  await authenticator.remove()
  await opened.page.context().clearCookies()
  return { ...opened, person, credential }
}

const isIn = (page: Page) => page.waitForURL(url => url.pathname === '/account')
const byButton = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' }).click()
const sessionsOf = async ({ id }: Account) =>
  (await world.core.stores.sessions.listLive(id as never, world.clock.nowMs())).length
const signIn = async (passkey: unknown) =>
  (await world.call('POST', '/login/passkey/', { body: { passkey } })).status

/** What an authenticator of this page signs for a challenge of ours, wherever the page stands. */
async function signAt(page: Page): Promise<unknown> {
  const { body } = await world.call('POST', '/login/passkey/options/', { body: {} })
  return page.evaluate(async options => {
    const Passkey = PublicKeyCredential as unknown as { parseRequestOptionsFromJSON(json: unknown): never }
    const publicKey = Passkey.parseRequestOptionsFromJSON(options)
    const signed = (await navigator.credentials.get({ publicKey })) as unknown as { toJSON(): unknown }
    return signed.toJSON()
  }, body)
}

describe('passkeys, by authenticators of Chromium', () => {
  test('two on one account sign in, each from its own authenticator', async () => {
    const person = await world.register()
    const { page, go, session, complaints } = await open(person)
    const credentials: Credential[] = []
    await go('/account/factors')
    for (const name of ['Laptop', 'Key ring']) {
      const authenticator = await addAuthenticator(session)
      await enrol(page, name)
      credentials.push((await authenticator.credentials())[0]!)
      await authenticator.remove()
    }
    assert.notEqual(credentials[0]!.credentialId, credentials[1]!.credentialId)
    for (const credential of credentials) {
      const authenticator = await addAuthenticator(session, { holds: [credential] })
      const before = await sessionsOf(person)
      await page.context().clearCookies()
      await go('/account/sign-in')
      if (new URL(page.url()).pathname !== '/account') await byButton(page).catch(() => undefined)
      await isIn(page)
      assert.equal(await sessionsOf(person), before + 1)
      await authenticator.remove()
    }
    assert.deepEqual(complaints, [])
  })

  test('one is offered in the field of the address, and signs in without the button', async () => {
    const { page, go, session, credential } = await withPasskey()
    const authenticator = await addAuthenticator(session, { holds: [credential] })
    await go('/account/sign-in')
    await isIn(page)
    await authenticator.remove()
  })

  test('what is offered in the field is renewed before its challenge is too old', async () => {
    const { page, go, session, credential } = await withPasskey(1_000)
    await addAuthenticator(session, { holds: [credential], isPresent: false })
    await go('/account/sign-in')
    const offers = async () =>
      (await callsOf(page)).offers.filter(({ mediation }) => mediation === 'conditional')
    assert.ok(await eventually(async () => (await offers()).length >= 3))
    const challenges = (await offers()).map(({ challenge }) => challenge)
    assert.equal(new Set(challenges).size, challenges.length)
  })

  test('one whose user is not verified is refused', async () => {
    const { page, go, session, credential, person } = await withPasskey()
    const authenticator = await addAuthenticator(session, { holds: [credential], isVerified: false })
    const before = await sessionsOf(person)
    await go('/account/sign-in')
    await byButton(page)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).and(page.locator(':enabled')).waitFor()
    assert.equal(await sessionsOf(person), before)
    await authenticator.setVerified(true)
    await byButton(page).catch(() => undefined)
    await isIn(page)
  })

  test('what was signed at another origin is refused, and so is what is shown twice', async () => {
    const foreign = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<p>'))
    const foreignPort = await freePort()
    await new Promise<void>(resolve => foreign.listen(foreignPort, '127.0.0.1', resolve))
    after(() => foreign.close())
    const { page, session, credential } = await withPasskey()
    await addAuthenticator(session, { holds: [credential] })
    // Of the same host, which is all that the authenticator itself looks at.
    await page.goto(`http://localhost:${foreignPort}/`)
    assert.equal(await signIn(await signAt(page)), 401, 'signed at another port')
    await page.goto(`${address}/account/reset`)
    const signed = await signAt(page)
    assert.equal(await signIn(signed), 200, 'signed at ours')
    assert.equal(await signIn(signed), 401, 'the same again')
  })

  test('a copy, whose counter is behind, is refused; the audit has an event and the owner a notice', async () => {
    const { page, session, credential, person } = await withPasskey()
    await page.goto(`${address}/account/reset`)
    const genuine = await addAuthenticator(session, { holds: [{ ...credential, signCount: 20 }] })
    assert.equal(await signIn(await signAt(page)), 200)
    await genuine.remove()
    const copy = await addAuthenticator(session, { holds: [{ ...credential, signCount: 5 }] })
    assert.equal(await signIn(await signAt(page)), 401)
    await copy.remove()
    const events = await world.core.database.read
      .selectFrom('audit_events')
      .select('outcome')
      .where('action', '=', 'factor.cloned')
      .where('target', '=', `users/${person.id}`)
      .execute()
    assert.deepEqual(events, [{ outcome: 'denied' }])
    const { mail } = await newestMail(world, smtp, person.email)
    assert.match(mail.mail.text ?? '', /A passkey of your account was refused: there may be a copy of it/)
  })

  test('a browser is told which passkeys an account has, and to forget one that is gone', async () => {
    const { page, go, session, credential, person } = await withPasskey()
    const id = Buffer.from(credential.credentialId, 'base64').toString('base64url')
    await addAuthenticator(session, { holds: [credential] })
    await go('/account/sign-in')
    await isIn(page)
    await go('/account/factors')
    assert.ok(await eventually(async () => (await callsOf(page)).accepted.length > 0))
    const [accepted] = (await callsOf(page)).accepted
    assert.deepEqual(accepted!.allAcceptedCredentialIds, [id])
    assert.equal(accepted!.userId, Buffer.from(credential.userHandle!, 'base64').toString('base64url'))

    await world.core.transaction(({ factors }) => factors.deleteAll(person.id as never))
    await page.context().clearCookies()
    await go('/account/sign-in')
    await page
      .getByText(/This passkey was not accepted/)
      .first()
      .waitFor()
    assert.deepEqual(
      (await callsOf(page)).unknown.map(({ credentialId }) => credentialId),
      [id],
    )
  })

  test('a browser forgets no passkey that was only too late', async () => {
    const { page, go, session, credential } = await withPasskey()
    await addAuthenticator(session, { holds: [credential] })
    const path = '**/browser/login/passkey/'
    await page.route(path, async route => {
      world.clock.advance(6 * 60_000)
      await route.continue()
    })
    await go('/account/sign-in')
    await page
      .getByText(/This passkey was not accepted/)
      .first()
      .waitFor()
    assert.deepEqual((await callsOf(page)).unknown, [])
    await page.unroute(path)
    await byButton(page)
    await isIn(page)
  })
})
