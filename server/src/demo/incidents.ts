import type { Deed } from './happening.ts'

/** What happened beside people coming and going, so that the audit and the lists of sessions have something to tell. */
export const incidents: readonly { email: string; minutesAgo: number; deed: Deed }[] = [
  {
    email: 'user@example.com',
    minutesAgo: 126,
    deed: denied('windowsFirefox', 'DELETE', '/api/demo/documents/:id/', 'documents:delete'),
  },
  {
    email: 'user@example.com',
    minutesAgo: 120,
    deed: denied('windowsFirefox', 'POST', '/api/demo/documents/:id/approve/', 'documents:approve'),
  },
  {
    email: 'jack.turner@example.net',
    minutesAgo: 330,
    deed: denied('curl', 'GET', '/api/demo/documents/export/', 'documents:export'),
  },
  {
    email: 'v.golubev@example.com',
    minutesAgo: 84,
    deed: denied('curl', 'GET', '/api/auth/users/', 'users:read'),
  },
  {
    email: 'supervisor@example.com',
    minutesAgo: 48,
    deed: denied('macChrome', 'DELETE', '/api/demo/projects/:id/', 'projects:delete'),
  },
  {
    email: 'yu.semenova@example.com',
    minutesAgo: 1560,
    deed: { kind: 'promote', by: 'admin@example.com', from: ['user'] },
  },
  {
    email: 'm.orlov@example.com',
    minutesAgo: 1500,
    deed: { kind: 'promote', by: 'admin@example.com', from: ['user'] },
  },
  {
    email: 'charlie.brooks@example.net',
    minutesAgo: 31,
    deed: { kind: 'end', device: 'curl', reason: 'refresh_reuse' },
  },
  {
    email: 'grace.hughes@example.org',
    minutesAgo: 44,
    deed: { kind: 'end', device: 'ipad', reason: 'ended_by_admin', by: 'admin@example.com' },
  },
  {
    email: 'lucy.morgan@example.org',
    minutesAgo: 57,
    deed: { kind: 'end', device: 'iphone', reason: 'revoked' },
  },
  { email: 'e.morozova@example.com', minutesAgo: 73, deed: { kind: 'password_change', device: 'android' } },
  {
    email: 'arthur.cox@example.net',
    minutesAgo: 88,
    deed: { kind: 'end_all', by: 'i.kuznetsov@example.com' },
  },
  { email: 'p.pavlov@example.com', minutesAgo: 96, deed: { kind: 'deactivate', by: 'admin@example.com' } },
  {
    email: 'harry.barnes@example.net',
    minutesAgo: 113,
    deed: { kind: 'deactivate', by: 'admin@example.com' },
  },
  {
    email: 'v.komarova@example.com',
    minutesAgo: 127,
    deed: { kind: 'deactivate', by: 'emily.carter@example.org' },
  },
  {
    email: 'oscar.sanders@example.net',
    minutesAgo: 142,
    deed: { kind: 'deactivate', by: 'emily.carter@example.org' },
  },
]

function denied(
  device: 'windowsFirefox' | 'macChrome' | 'curl',
  method: string,
  path: string,
  permission: string,
): Deed {
  return { kind: 'denied', device, method, path, permission }
}
