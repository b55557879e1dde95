import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { origin, type People, peopleOn } from '../../../test/support/people.ts'
import { rejection } from '../../../test/support/rejection.ts'
import type { SessionRowId } from '../kernel/index.ts'
import { endAllButOne, endOwnOthers, endOwnSession, endUsersSession } from './end-session.ts'
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

  it('an administrator ends all sessions of another user but one, each with its event and its change', async () => {
    const guard = await people.addUser({ roles: ['guard'] })
    const user = await people.addUser()
    const bystander = await people.startSession(await people.addUser())
    const [kept, ...others] = [
      await people.startSession(user),
      await people.startSession(user),
      await people.startSession(user),
    ] as const
    const command = { principal: people.as(guard), origin, id: kept.id }
    assert.equal(await endAllButOne(people, command), 2)
    for (const other of others) {
      assert.equal((await stored(other))?.endReason, 'ended_by_admin')
      assert.equal(isPublished(other), 1)
      const [event] = await people.audit(`sessions/${other.id}`)
      assert.deepEqual([event?.action, event?.actor?.id], ['session.end', guard.id])
    }
    for (const going of [kept, bystander]) {
      assert.equal((await stored(going))?.isActive, true)
      assert.equal(isPublished(going), 0)
    }
    assert.equal(await endAllButOne(people, command), 0)
  })

  it('all but one is refused where that one is over, is nobody’s, or belongs to an account that outranks', async () => {
    const guard = await people.addUser({ roles: ['guard'] })
    const user = await people.addUser()
    const over = await people.startSession(user)
    const other = await people.startSession(user)
    const higher = await people.startSession(await people.addUser({ isSuperuser: true }))
    const as = { principal: people.as(guard), origin }
    await endUsersSession(people, { ...as, id: over.id })
    await assert.rejects(endAllButOne(people, { ...as, id: over.id }), rejection('conflict', 'session.over'))
    await assert.rejects(endAllButOne(people, { ...as, id: nowhere }), rejection('not_found'))
    await assert.rejects(
      endAllButOne(people, { ...as, id: higher.id }),
      rejection('permission_denied', 'permission.superuser_only'),
    )
    assert.equal((await stored(other))?.isActive, true)
  })

  it('a caller ends the own sessions but the one of the request', async () => {
    const user = await people.addUser()
    const own = await people.startSession(user)
    const other = await people.startSession(user)
    const principal = { ...people.as(user), sessionId: own.uuid }
    assert.equal(await endOwnOthers(people, { principal, origin }), 1)
    assert.equal((await stored(own))?.isActive, true)
    assert.equal((await stored(other))?.endReason, 'revoked')
  })
})
