import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { UserId } from '../kernel/index.ts'
import { toOwnEvent } from './own-event.ts'

const anna = 52 as UserId
const other = { id: 1 as UserId }
const origin = { ipAddress: '203.0.113.24', userAgent: 'Browser' }
const nowhere = { ipAddress: null, userAgent: null }
const change = { last_name: { from: 'Petrova', to: 'Ivanova' } }

describe('what the person of an account learns of an event', () => {
  const seen = { id: 1, atMs: 0, outcome: 'success', ...origin } as const
  for (const [title, event, expected] of [
    [
      'shows all of what the person did to the own account',
      { actor: { id: anna }, action: 'user.update', target: 'users/52', details: change },
      { by: 'self', ...origin, details: change },
    ],
    [
      'names an administrator as such, without address and device, and shows what was changed',
      { actor: other, action: 'user.update', target: 'users/52', details: change },
      { by: 'administrator', ...nowhere, details: change },
    ],
    [
      'leaves out what an administrator noted',
      { actor: other, action: 'user.update', target: 'users/52', details: { ...change, note: 'changed' } },
      { by: 'administrator', ...nowhere, details: change },
    ],
    [
      'leaves out the details of what the person did to another account',
      { actor: { id: anna }, action: 'user.create', target: 'users/9', details: { email: 'b@example.com' } },
      { by: 'self', ...origin, details: {} },
    ],
    [
      'leaves out the details of the end of the session of another account',
      { actor: { id: anna }, action: 'session.end', target: 'sessions/3', details: { user_id: 9 } },
      { by: 'self', ...origin, details: {} },
    ],
    [
      'shows the details of the end of an own session',
      { actor: other, action: 'session.end', target: 'sessions/3', details: { user_id: anna } },
      { by: 'administrator', ...nowhere, details: { user_id: anna } },
    ],
    [
      'shows where a sign-in that failed came from',
      { actor: null, action: 'user.login_failed', target: 'users/52', details: {} },
      { by: 'unknown', ...origin, details: {} },
    ],
    [
      'calls a count of refused sign-ins unknown, though it has no address',
      { actor: null, action: 'user.login_failed', target: 'users/52', details: {}, ...nowhere },
      { by: 'unknown', ...nowhere, details: {} },
    ],
    [
      'calls the server the doer of what came from no request',
      { actor: null, action: 'user.deactivate', target: 'users/52', details: {}, ...nowhere },
      { by: 'server', ...nowhere, details: {} },
    ],
  ] as const) {
    it(title, () => {
      const { by, ipAddress, userAgent, details } = toOwnEvent({ ...seen, ...event }, anna)
      assert.deepEqual({ by, ipAddress, userAgent, details }, expected)
    })
  }
})
