import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { origin, type People, peopleOn } from '../../../test/support/people.ts'
import { rejection } from '../../../test/support/rejection.ts'
import type { SessionRowId } from '../kernel/index.ts'
import { endOwnSession, endUsersSession } from './end-session.ts'
import type { Session } from './session.ts'

const nowhere = 999_999 as SessionRowId
const dayMs = 86_400_000

eachEngine('ending one session', open => {
  let people: People

  before(async () => {
    people = peopleOn(await open())
    await people.addRole('guard', 'sessions:update', 'sessions:delete')
    await people.addRole('chief', 'roles:all')
  })

  const stored = (session: Session) => people.stores.sessions.findById(session.id)
  const isPublished = (session: Session) =>
    people.committed.filter(change => change.kind === 'session_ended' && change.sessionUuid === session.uuid)
      .length

  it('a caller ends an own session: the gates receive it, and the audit has it', async () => {
    const user = await people.addUser()
    const session = await people.startSession(user)
    await endOwnSession(people, { principal: people.as(user), origin, id: session.id })
    assert.equal((await stored(session))?.endReason, 'revoked')
    assert.equal(isPublished(session), 1)
    const [event] = await people.audit(`sessions/${session.id}`)
    assert.deepEqual([event?.action, event?.actor?.id], ['session.end', user.id])
  })

  it('gives one answer for what is another’s, over, lapsed or not there', async () => {
    const user = await people.addUser()
    const theirs = await people.startSession(await people.addUser())
    const over = await people.startSession(user)
    const expired = await people.startSession(user)
    await endOwnSession(people, { principal: people.as(user), origin, id: over.id })
    people.advance(dayMs)
    for (const id of [theirs.id, over.id, expired.id, nowhere]) {
      await assert.rejects(
        endOwnSession(people, { principal: people.as(user), origin, id }),
        rejection('not_found'),
      )
    }
    assert.equal((await stored(theirs))?.isActive, true)
    assert.equal(isPublished(over), 1)
  })

  it('an administrator ends a session of another user, and ending it again is harmless', async () => {
    const guard = await people.addUser({ roles: ['guard'] })
    const session = await people.startSession(await people.addUser())
    const command = { principal: people.as(guard), origin, id: session.id }
    const ended = await endUsersSession(people, command)
    assert.deepEqual([ended.isActive, ended.endReason], [false, 'ended_by_admin'])
    people.advance(1000)
    assert.deepEqual(await endUsersSession(people, command), ended)
    assert.equal(isPublished(session), 1)
  })

  it('does not let an administrator log out who outranks them, and nothing is written', async () => {
    const guard = await people.addUser({ roles: ['guard'] })
    const superuser = await people.addUser({ isSuperuser: true })
    const chief = await people.addUser({ roles: ['chief'] })
    const cases = [
      [superuser, 'permission.superuser_only'],
      [chief, 'permission.outranked'],
    ] as const
    for (const [user, key] of cases) {
      const session = await people.startSession(user)
      const command = { principal: people.as(guard), origin, id: session.id }
      await assert.rejects(endUsersSession(people, command), rejection('permission_denied', key))
      assert.equal((await stored(session))?.isActive, true)
      assert.equal(isPublished(session), 0)
    }
  })

  it('shows a lapsed one as expired, and does not claim to have ended it', async () => {
    const superuser = await people.addUser({ isSuperuser: true })
    const session = await people.startSession(await people.addUser())
    people.advance(dayMs)
    const command = { principal: people.as(superuser), origin, id: session.id }
    const shown = await endUsersSession(people, command)
    assert.deepEqual(
      [shown.isActive, shown.endReason, shown.endedAtMs],
      [false, 'expired', session.expiresAtMs],
    )
    await assert.rejects(endUsersSession(people, { ...command, id: nowhere }), rejection('not_found'))
  })
})
