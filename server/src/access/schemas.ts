import { type TSchema, Type } from 'typebox'
import { codeNamePattern } from '../kernel/index.ts'
import type { Named, NamedFields } from './named.ts'
import type { PermissionFields } from './permission-parts.ts'
import type { Permission } from './permission-store.ts'
import type { RoleFields, RoleWithPermissions } from './role.ts'

const NameField = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '\\S',
  description: 'What people read. Unique.',
})
export const CodeNameField = Type.String({
  pattern: codeNamePattern,
  'x-message': 'code_name.invalid',
  description: 'What programs read. Unique; starts with a letter a to z.',
})
const DescriptionField = Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])
const PermissionNames = Type.Array(Type.String({ maxLength: 201 }), {
  maxItems: 1000,
  uniqueItems: true,
  description: 'Each as `resource:action`, both of which must exist; the permission itself need not yet.',
})

const named = { name: NameField, code_name: CodeNameField }
const closed = { additionalProperties: false, 'x-read-only': ['id'] } as const

const rowOf = ($id: string, more: Record<string, TSchema> = {}) =>
  Type.Object(
    {
      id: Type.Integer(),
      name: Type.String(),
      code_name: Type.String(),
      description: Type.Union([Type.String(), Type.Null()]),
      ...more,
    },
    { $id },
  )

export const RoleBody = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    code_name: Type.String(),
    description: Type.Union([Type.String(), Type.Null()]),
    permissions: Type.Array(Type.String(), { description: 'Each as `resource:action`, sorted.' }),
  },
  { $id: 'Role' },
)
