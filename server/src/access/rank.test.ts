import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { missingFrom } from './rank.ts'

const cases: {
  name: string
  held: string[]
  isSuperuser?: boolean
  wanted: string[]
  missing: string | undefined
}[] = [
  { name: 'what is held is held', held: ['documents:read'], wanted: ['documents:read'], missing: undefined },
  { name: 'nothing wanted is held by everyone', held: [], wanted: [], missing: undefined },
  {
    name: 'the first one that is missing is named',
    held: ['a:read'],
    wanted: ['a:read', 'b:read', 'c:read'],
    missing: 'b:read',
  },
  {
    name: '`all` covers the others of its resource',
    held: ['documents:all'],
    wanted: ['documents:approve'],
    missing: undefined,
  },
  {
    name: '`all` covers nothing of another resource',
    held: ['documents:all'],
    wanted: ['payments:read'],
    missing: 'payments:read',
  },
  {
    name: '`all` does not cover a resource whose name goes on',
    held: ['documents:all'],
    wanted: ['documents.drafts:read'],
    missing: 'documents.drafts:read',
  },
  {
    name: 'every single one together is not `all`',
    held: ['a:read', 'a:create', 'a:update', 'a:delete'],
    wanted: ['a:all'],
    missing: 'a:all',
  },
  { name: '`all` is covered by itself', held: ['a:all'], wanted: ['a:all'], missing: undefined },
  {
    name: 'a resource called `all` covers nothing',
    held: ['all:read', 'all:all'],
    wanted: ['a:read'],
    missing: 'a:read',
  },
  {
    name: 'a text of another form is covered by nothing',
    held: ['a:all'],
    wanted: ['a:b:c'],
    missing: 'a:b:c',
  },
  {
    name: 'a superuser has everything',
    held: [],
    isSuperuser: true,
    wanted: ['a:all', 'b:read'],
    missing: undefined,
  },
]

describe('missingFrom', () => {
  for (const { name, held, isSuperuser = false, wanted, missing } of cases) {
    test(name, () => {
      assert.equal(missingFrom({ isSuperuser, permissions: new Set(held) }, wanted), missing)
    })
  }
})
