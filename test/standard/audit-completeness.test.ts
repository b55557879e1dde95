import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertNone } from '../support/assert-none.ts'
import { withMuchMail } from '../support/proofs.ts'
import { createSamples, onlyWithoutSuperuser, type RegisteredRoute } from '../support/sample-requests.ts'
import { testWorld } from '../support/world.ts'

/** Calls that leave no event when they go well, each with its reason. */
const leavesNone: Readonly<Record<string, string>> = {
  refreshTokens: 'nobody decides anything: a client does it every few minutes; a reuse is an event',
  refreshInBrowser: 'the same, by cookie',
  readSessionEndInBrowser: 'a question',
  enterForward: 'the same, and a second cookie for the session that the sign-in has told of',
  passkeyCreationOptions: 'a question: nothing is written before it is answered',
  passkeySignInOptions: 'the same',
  stepUpOptions: 'the same',
  resetPasskeyOptions: 'the same',
  readOwnInvitation: 'a question',
  checkAccess: 'a question',
  introspectToken: 'a question',
  evaluateAccess: 'a question',
  evaluateAccesses: 'a question',
  searchSubjects: 'a question',
  searchActions: 'a question',
  previewAccess: 'a question: nothing is written',
  checkUsers: 'a question: what is tried is rolled back',
  createProject: 'an API of the demo',
  replaceProject: 'an API of the demo',
  updateProject: 'an API of the demo',
  deleteProject: 'an API of the demo',
  createDocument: 'an API of the demo',
  replaceDocument: 'an API of the demo',
  updateDocument: 'an API of the demo',
  deleteDocument: 'an API of the demo',
  approveDocument: 'an API of the demo',
}

/** Where the least that a route accepts changes nothing, and so is no act. */
const realChange: Readonly<Record<string, unknown>> = {
  changeProfile: { first_name: 'Анна' },
  changeUser: { first_name: 'Анна' },
  changeRole: { description: 'other' },
  changeResource: { description: 'other' },
  changeApiKey: { name: 'other' },
  changeAction: { description: 'other' },
  changePermission: { action: 'update' },
  endAllSessions: {},
}

describe('every call that changes something', async () => {
  const world = await testWorld({
    env: {
      ...withMuchMail,
      PROPUSK_PUBLIC_URL: 'https://auth.example.org',
      PROPUSK_FORWARD_COOKIE_DOMAIN: 'example.org',
    },
  })
  const samples = await createSamples(world)

  const isOfEverybody = ({ route }: RegisteredRoute) => route.operationId === 'endAllSessions'
  const newestId = () => world.core.stores.chain.greatestEventId()
  const eventsAfter = (id: number) =>
    world.core.database.read.selectFrom('audit_events').selectAll().where('id', '>', id).execute()

  it('leaves an event of who did what from where, or is named here with the reason', async () => {
    const quiet: string[] = []
    const routes = world.server.app.routes
      // That of the first superuser is looked at in server/src/setup/routes.test.ts.
      .filter(({ route }) => route.method !== 'GET' && !onlyWithoutSuperuser.includes(route.operationId))
      // The last of all: whoever makes the samples is signed out by it too.
      .sort((left, right) => Number(isOfEverybody(left)) - Number(isOfEverybody(right)))
    assert.ok(routes.length > 30, `only ${routes.length} routes change something`)
    for (const registered of routes) {
      const { operationId, access } = registered.route
      const isAnonymous = access === 'public' || access === 'browser'
      const caller = isAnonymous ? undefined : await world.superuser()
      const { method, path, body, headers = {} } = await samples.request(registered, caller)
      const before = await newestId()
      const answer = await world.call(method, path, {
        token: caller?.access,
        headers,
        body: realChange[operationId] ?? body,
      })
      assert.ok(
        answer.status < 300,
        `${operationId} does not take its sample: ${answer.text}. Mend test/support/sample-requests.ts.`,
      )
      const own = (await eventsAfter(before)).filter(
        event => event.outcome === 'success' && event.ip_address === '127.0.0.1' && event.target !== null,
      )
      if (caller !== undefined)
        assert.ok(
          own.every(event => event.actor === caller.id),
          `an event of ${operationId} names another actor than its caller`,
        )
      if (own.length === 0) quiet.push(operationId)
    }
    assertNone(
      quiet.filter(operationId => !Object.hasOwn(leavesNone, operationId)),
      'These calls changed something and left no event. Append one to the audit in their transaction, or name them in `leavesNone` with the reason.',
    )
    assertNone(
      Object.keys(leavesNone).filter(operationId => !quiet.includes(operationId)),
      'These calls leave an event, or are no more. Remove them from `leavesNone`.',
    )
  })
})
