import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AuditEvent } from '@propusk/client'
import i18next from 'i18next'
import {
  describeAuditEvent,
  describedActions,
  type SentenceContext,
} from '../../console/src/audit/describe-event.ts'
// The texts themselves, which the pages of the console bring along.
import '../../console/src/audit/action-messages.ts'
import '../../console/src/audit/messages.ts'
import '../../console/src/screens/users/detail/messages.ts'
import { auditActions } from '../../server/src/audit/audit-event.ts'
import { endReasons } from '../../server/src/sessions/session.ts'

await i18next.init({ lng: 'en', fallbackLng: 'en', resources: {}, interpolation: { escapeValue: false } })

const sentenceIn = (lng: 'en' | 'ru', event: Partial<AuditEvent>, context?: SentenceContext) =>
  describeAuditEvent(
    {
      id: 1,
      at: '2026-03-14T10:30:11.902Z',
      actor: { id: 1, email: 'mr.englishcat@gmail.com' },
      action: 'user.update',
      target: 'users/52',
      outcome: 'success',
      ip_address: null,
      user_agent: null,
      details: {},
      ...event,
    },
    (key, values) => i18next.t(key, { ns: 'audit-sentences', lng, ...values }),
    context,
  )

describe('an event of the audit as a sentence', () => {
  test('is there for every act that the server writes down, and for no other', () => {
    assert.deepEqual([...describedActions].sort(), [...auditActions].sort())
  })

  test('names what changed, not only that something did', () => {
    const event = {
      details: {
        roles: { from: ['user'], to: ['editor', 'supervisor'] },
        is_staff: { from: false, to: true },
      },
    }
    assert.equal(
      sentenceIn('en', event),
      'User 52: roles granted: editor, supervisor; role revoked: user; access to the console granted',
    )
    assert.equal(
      sentenceIn('ru', event),
      'Пользователь 52: выданы роли: editor, supervisor; отозвана роль: user; открыт доступ к консоли',
    )
  })

  test('says who lost something by it, and why a role did', () => {
    const effects = {
      roles: ['editor', 'author', 'chief', 'intern', 'guest', 'temp'].map(role => ({
        role,
        lost: ['d:read'],
      })),
      roles_count: 30,
      assignments: 50_120,
      people: [],
    }
    const deleted = {
      action: 'resource.delete',
      target: 'resources/7',
      details: { code_name: 'documents', effects },
    }
    assert.equal(
      sentenceIn('en', deleted),
      'Resource documents deleted; 30 roles affected: editor, author, chief, intern and 26 more; held 50120 times',
    )
    assert.match(
      sentenceIn('ru', deleted),
      /^Удалён ресурс documents; затронуто 30 ролей: editor, .+; выданы 50120 раз$/,
    )
    const cause = { action: 'resource.update', target: 'resources/7', name: 'documents' }
    const role = {
      action: 'role.update',
      target: 'roles/3',
      details: {
        code_name: 'editor',
        ...{ lost: ['documents:read'], lost_count: 1, gained: ['papers:read'], gained_count: 1 },
        ...{ holders: 12, cause },
      },
    }
    assert.equal(
      sentenceIn('en', role),
      'Role editor lost documents:read and gained papers:read, because resource documents was renamed',
    )
    assert.equal(
      sentenceIn('ru', role),
      'Роль editor потеряла documents:read и получила papers:read: переименован ресурс documents',
    )
  })

  test('does not name whose page it stands on, nor who did it to themself', () => {
    const event = { action: 'user.deactivate' }
    assert.equal(sentenceIn('en', event, { about: 'users/52' }), 'Account deactivated')
    assert.equal(sentenceIn('en', { ...event, target: 'users/1' }), 'Account deactivated')
    assert.equal(
      sentenceIn('ru', event, { nameOf: () => 'anna@example.com' }),
      'anna@example.com: учётная запись деактивирована',
    )
  })

  test('counts as the language does', () => {
    const ended = (sessions: number) => ({
      action: 'session.end_all',
      target: 'users/1',
      details: { reason: 'revoked_all', sessions },
    })
    assert.equal(sentenceIn('ru', ended(1)), 'Выход на всех устройствах: завершён 1 сеанс')
    assert.equal(sentenceIn('ru', ended(3)), 'Выход на всех устройствах: завершены 3 сеанса')
    assert.equal(sentenceIn('ru', ended(11)), 'Выход на всех устройствах: завершено 11 сеансов')
    assert.equal(sentenceIn('en', ended(1)), 'Signed out everywhere: 1 session ended')
    const everybody = { action: 'session.end_everybody', target: 'sessions', details: { sessions: 41 } }
    assert.equal(sentenceIn('en', everybody), 'Everyone signed out: 41 sessions ended')
    assert.equal(sentenceIn('ru', everybody), 'Завершены все сеансы: 41')
  })

  test('says why, also when the server has a reason that the page does not know', () => {
    const event = { action: 'session.end', target: 'sessions/7' }
    assert.equal(
      sentenceIn('en', { ...event, details: { reason: 'session_limit' } }),
      'Session 7 ended: there were too many sessions',
    )
    assert.equal(sentenceIn('en', { ...event, details: { reason: 'moonrise' } }), 'Session 7 ended: moonrise')
    assert.equal(
      sentenceIn('en', {
        action: 'access.denied',
        target: '/api/auth/users/5/',
        outcome: 'denied',
        details: { rule: 'outranked', permission: 'audit:read', method: 'DELETE' },
      }),
      'DELETE /api/auth/users/5/ denied: the account holds audit:read, which the caller lacks',
    )
  })

  test('shortens a long list, and leaves nothing of a template behind', () => {
    const permissions = Array.from({ length: 9 }, (_, index) => `documents:a${index}`)
    assert.equal(
      sentenceIn('en', {
        action: 'role.create',
        target: 'roles/3',
        details: { code_name: 'x', permissions },
      }),
      'Role x created with documents:a0, documents:a1, documents:a2, documents:a3 and 5 more',
    )
    for (const action of [...auditActions, 'moon.rise']) {
      for (const lng of ['en', 'ru'] as const) {
        assert.doesNotMatch(sentenceIn(lng, { action, target: 'things/4' }), /\{\{|undefined|null|^$/, action)
      }
    }
  })
})

/** No fallback here: a text that one language lacks is not found. */
const textIn = (lng: 'en' | 'ru', name: string, key: string): unknown => i18next.getResource(lng, name, key)

const lacking = (name: string, keys: readonly string[]): readonly string[] =>
  keys.filter(key => {
    const [english, russian] = [textIn('en', name, key), textIn('ru', name, key)]
    return !/^[a-z]/i.test(String(english ?? '')) || !/[а-яё]/i.test(String(russian ?? ''))
  })

describe('the console', () => {
  test('has a sentence in both languages for every act of the audit', () => {
    for (const action of auditActions) {
      // An export is named by its target, a change of an account by its fields.
      const target = action === 'data.export' ? 'users' : 'things/4'
      const details = action === 'user.update' ? { is_staff: { from: false, to: true } } : {}
      const event = { action, target, details }
      assert.match(sentenceIn('ru', event), /[а-яё]/i, action)
      assert.doesNotMatch(sentenceIn('en', event), /[а-яё]/i, action)
    }
  })

  test('says in both languages what was taken out of it, the own data too', () => {
    for (const target of ['users', 'sessions', 'audit', 'own_data']) {
      const event = { action: 'data.export', target, details: {} }
      assert.match(sentenceIn('ru', event), /выгружен/i, target)
      assert.match(sentenceIn('en', event), /exported/i, target)
    }
  })

  test('names every act of the audit, and its group, in both languages where one chooses among them', () => {
    const groups = new Set(auditActions.map(action => `group_${action.split('.', 1)[0]}`))
    assert.deepEqual(lacking('audit-actions', [...groups]), [])
    assert.deepEqual(
      lacking(
        'audit-actions',
        auditActions.map(action => action.replace('.', '_')),
      ),
      [],
    )
  })

  test('says in both languages why a session is over, on its page and in the audit, for every reason', () => {
    assert.deepEqual(lacking('user-end-reason', endReasons), [])
    assert.deepEqual(
      lacking(
        'audit-sentences',
        endReasons.map(reason => `ended_${reason}`),
      ),
      [],
    )
  })
})
