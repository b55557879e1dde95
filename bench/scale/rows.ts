import type { Dialect } from './dialect.ts'
import type { Size } from './size.ts'

/** One kind of rows: how many, and the statement that adds those from `from` to `to`, counted from 1. */
export interface RowKind {
  readonly name: string
  readonly count: number
  insert(from: number, to: number): string
}

interface Facts {
  readonly size: Size
  readonly dialect: Dialect
  readonly nowMs: number
  /** Everybody's. */
  readonly passwordHash: string
}

const dayMs = 86_400_000

/** The three actions that a fresh database lacks, so that there are seven besides `all`. */
const ownActions = ['approve', 'export', 'archive']

/** Every role grants it, and so everybody can. */
export const commonPermission = { resource: 'area-1', action: 'export' } as const
/** The grants of a fresh database: none but superusers can. */
export const rarePermission = { resource: 'users', action: 'read' } as const
/** One role in a hundred grants it. */
export const usualPermission = { resource: 'area-17', action: 'approve' } as const

/**
 * Every kind of rows in the order in which they may be added. Spread as in an installation that has been in use: names repeat,
 * one account in fifty is closed, one session in thirty is alive, each role permits fourteen of the 1,400 permissions
 * and each user has two or three roles. The database makes the rows itself, which no client could send it faster.
 */
export function rowKinds({ size, dialect, nowMs, passwordHash }: Facts): readonly RowKind[] {
  const { series, hex, yes, no } = dialect
  const flag = (condition: string) => `case when ${condition} then ${yes} else ${no} end`
  const uuid = (atMs: string, tail: string) =>
    `substr(${hex(atMs, 12)}, 1, 8) || '-' || substr(${hex(atMs, 12)}, 9, 4) || '-7abc-8def-' || ${hex(tail, 12)}`
  const named = (table: string, count: number, word: string, more = '', values = ''): RowKind => ({
    name: table,
    count,
    insert: (from, to) => `
      insert into ${table} (name, code_name, description, search_text${more})
      select '${word} ' || i, '${word}-' || i, null, '${word} ' || i || ' ${word}-' || i${values}
      from ${series(from, to)}`,
  })
  /** Spread over the last thirty days, the oldest first. */
  const sessionAt = `(${nowMs - 30 * dayMs} + i * ${30 * dayMs - 60_000} / ${size.sessions})`
  const isLive = `${sessionAt} > ${nowMs - dayMs}`
  const userOf = (seed: string) => `(1 + (${seed}) % ${size.users})`
  return [
    named('roles', size.roles, 'role'),
    named('resources', size.resources, 'area', ', is_builtin', `, ${no}`),
    {
      name: 'actions',
      count: ownActions.length,
      insert: () => `
        insert into actions (name, code_name, description, search_text, is_builtin)
        ${ownActions.map(name => `select '${name}', '${name}', null, '${name}', ${no}`).join(' union all ')}`,
    },
    {
      name: 'permissions',
      count: 1,
      insert: () => `
        insert into permissions (resource_id, action_id)
        select r.id, a.id from resources r cross join actions a
        where r.code_name like 'area-%' and a.code_name <> 'all'`,
    },
    {
      name: 'role_permissions',
      count: size.roles,
      insert: (from, to) => `
        insert into role_permissions (role_id, permission_id)
        select r.id, p.id
        from ${series(from, to)}
        join roles r on r.code_name = 'role-' || i
        join resources a on a.code_name in ('area-' || (1 + i % ${size.resources}), 'area-' || (1 + (i + 77) % ${size.resources}))
        join permissions p on p.resource_id = a.id`,
    },
    {
      name: 'role_permissions that all roles have',
      count: size.roles,
      insert: (from, to) => `
        insert into role_permissions (role_id, permission_id)
        select r.id, p.id
        from ${series(from, to)}
        join roles r on r.code_name = 'role-' || i
        join resources a on a.code_name = '${commonPermission.resource}'
        join actions c on c.code_name = '${commonPermission.action}'
        join permissions p on p.resource_id = a.id and p.action_id = c.id
        where true
        on conflict do nothing`,
    },
    {
      name: 'users',
      count: size.users,
      insert: (from, to) => `
        insert into users (email, password, first_name, last_name, middle_name, is_active, is_staff, is_superuser,
          date_joined, last_login, updated_at, force_logout_at, search_text)
        select 'user-' || i || '@example.com', '${passwordHash}', 'First' || (i % 997), 'Last' || (i % 9973),
          case when i % 3 = 0 then 'Middle' || (i % 89) end,
          ${flag('i % 50 <> 7')}, ${flag('i <= 10')}, ${flag('i <= 2')},
          ${nowMs - 365 * dayMs} + i,
          case when i % 5 > 0 then ${nowMs} - 60000 - (i * 7919) % ${30 * dayMs} end,
          ${nowMs} - 60000 - (i * 104729) % ${90 * dayMs}, null,
          'user-' || i || '@example.com first' || (i % 997) || ' last' || (i % 9973)
            || case when i % 3 = 0 then ' middle' || (i % 89) else '' end
        from ${series(from, to)}`,
    },
    ...[1, 7, 13].map((factor, place) => ({
      name: `user_roles, ${place + 1} of 3`,
      count: size.users,
      insert: (from: number, to: number) => `
        insert into user_roles (user_id, role_id)
        select i, r.id from ${series(from, to)}
        join roles r on r.code_name = 'role-' || (1 + (i * ${factor} + ${place}) % ${size.roles})
        ${place === 2 ? 'where i % 2 = 0' : 'where true'}
        on conflict do nothing`,
    })),
    {
      name: 'sessions',
      count: size.sessions,
      insert: (from, to) => `
        insert into sessions (uuid, user_id, ip_address, user_agent, created_at, last_used_at, expires_at, is_active,
          ended_at, end_reason)
        select ${uuid(sessionAt, 'i')}, ${userOf('i * 31')}, '203.0.113.' || (i % 256), 'Mozilla/5.0 (X11; Linux x86_64)',
          ${sessionAt}, ${sessionAt}, ${sessionAt} + ${dayMs}, ${flag(isLive)},
          case when ${isLive} then null else ${sessionAt} + ${dayMs} end,
          case when ${isLive} then null else 'expired' end
        from ${series(from, to)}`,
    },
    {
      name: 'refresh_tokens',
      count: size.sessions,
      insert: (from, to) => `
        insert into refresh_tokens (jti, session_id, user_id, issued_at, expires_at, is_revoked, user_agent)
        select ${uuid('s.created_at', 's.id')}, s.id, s.user_id, s.created_at, s.expires_at, ${no}, s.user_agent
        from sessions s where s.id between ${from} and ${to} and s.is_active = ${yes}`,
    },
    {
      name: 'audit_events',
      count: size.auditEvents,
      insert: (from, to) => `
        insert into audit_events (at, actor, action, target, outcome, ip_address, user_agent, details)
        select ${nowMs - 365 * dayMs} + i * ${365 * dayMs - 60_000} / ${size.auditEvents}, ${userOf('i * 17')},
          case i % 10 when 0 then 'user.update' when 1 then 'access.denied' when 2 then 'token.revoke' else 'user.login' end,
          'users/' || ${userOf('i * 17')}, case i % 10 when 1 then 'denied' else 'success' end,
          '203.0.113.' || (i % 256), 'Mozilla/5.0 (X11; Linux x86_64)', '{"method":"password"}'
        from ${series(from, to)}`,
    },
  ]
}
