import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PermissionName, RoleId } from '../kernel/index.ts'
import { permissionsMoved, type RolePermissions, rolePermissionChanges } from './role-permissions.ts'

const rolePermissions = (
  roles: Record<number, [codeName: string, ...permissions: PermissionName[]]>,
): RolePermissions =>
  new Map(
    Object.entries(roles).map(([id, [codeName, ...permissions]]) => [
      Number(id) as RoleId,
      { codeName, requiresAal: null, permissions },
    ]),
  )

const change = (roleId: number | null, role: string, permissions: string[] | null) => ({
  kind: 'role_permissions',
  roleId,
  role,
  permissions,
})

const nowMs = 1_800_000_000_000

const made = (role: string) => ({ kind: 'role_made', role, atMs: nowMs })

const cases: {
  name: string
  before: RolePermissions
  after: RolePermissions
  moved: string[]
  changes: unknown[]
}[] = [
  {
    name: 'nothing changed: nothing moves and nobody is told',
    before: rolePermissions({ 1: ['editor', 'a:read'] }),
    after: rolePermissions({ 1: ['editor', 'a:read'] }),
    moved: [],
    changes: [],
  },
  {
    name: 'a role is made: it gains all that it permits',
    before: rolePermissions({}),
    after: rolePermissions({ 1: ['editor', 'a:read', 'b:read'] }),
    moved: ['a:read', 'b:read'],
    changes: [made('editor'), change(1, 'editor', ['a:read', 'b:read'])],
  },
  {
    name: 'a role is deleted: it loses all that it permitted',
    before: rolePermissions({ 1: ['editor', 'a:read'] }),
    after: rolePermissions({}),
    moved: ['a:read'],
    changes: [change(1, 'editor', null)],
  },
  {
    name: 'one permission is swapped for another: both moved',
    before: rolePermissions({ 1: ['editor', 'a:read', 'c:read'] }),
    after: rolePermissions({ 1: ['editor', 'b:read', 'c:read'] }),
    moved: ['a:read', 'b:read'],
    changes: [change(1, 'editor', ['b:read', 'c:read'])],
  },
  {
    name: 'a role is renamed: nothing moves, and the old name is given up first, and it is one change whoever holds it',
    before: rolePermissions({ 1: ['editor', 'a:read'] }),
    after: rolePermissions({ 1: ['author', 'a:read'] }),
    moved: [],
    changes: [change(null, 'editor', null), made('author'), change(1, 'author', ['a:read'])],
  },
  {
    name: 'two roles trade names: no name is given up after it was taken',
    before: rolePermissions({ 1: ['one', 'a:read'], 2: ['two', 'b:read'] }),
    after: rolePermissions({ 1: ['two', 'a:read'], 2: ['one', 'b:read'] }),
    moved: [],
    changes: [
      change(null, 'one', null),
      change(null, 'two', null),
      made('two'),
      change(1, 'two', ['a:read']),
      made('one'),
      change(2, 'one', ['b:read']),
    ],
  },
  {
    name: 'one role loses what another gains: it moved all the same',
    before: rolePermissions({ 1: ['one', 'a:read'], 2: ['two'] }),
    after: rolePermissions({ 1: ['one'], 2: ['two', 'a:read'] }),
    moved: ['a:read'],
    changes: [change(1, 'one', []), change(2, 'two', ['a:read'])],
  },
]

describe('grants', () => {
  for (const { name, before, after, moved, changes } of cases) {
    test(name, () => {
      assert.deepEqual(permissionsMoved(before, after), moved)
      assert.deepEqual(rolePermissionChanges(before, after, nowMs), changes)
    })
  }
})
