import { NullableText, Type } from '../http/index.ts'
import { codeNamePattern } from '../kernel/index.ts'
import type { Named, NamedFields } from './named.ts'

/** The fields that the bodies of roles, resources and actions share. */
export const namedRow = {
  id: Type.Integer(),
  name: Type.String(),
  code_name: Type.String(),
  description: NullableText,
}

const NameField = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '\\S',
  description: 'What people read. Unique.',
})
const CodeNameField = Type.String({
  pattern: codeNamePattern,
  'x-message': 'code_name.invalid',
  description: 'What programs read. Unique.',
})
const DescriptionField = Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])

export const namedWrite = {
  name: NameField,
  code_name: CodeNameField,
  description: Type.Optional(DescriptionField),
}

export const namedPatch = {
  name: Type.Optional(NameField),
  code_name: Type.Optional(CodeNameField),
  description: Type.Optional(DescriptionField),
}

/** What every body of a write has in common: it is closed, and the id is not its to say. */
export const closed = { additionalProperties: false, 'x-read-only': ['id'] } as const

interface Write {
  name: string
  code_name: string
  description?: string | null
}

export const toNamedFields = (body: Write): NamedFields => ({
  name: body.name,
  codeName: body.code_name,
  description: body.description ?? null,
})

export const toNamedChanges = (body: Partial<Write>): Partial<NamedFields> => ({
  ...(body.name !== undefined && { name: body.name }),
  ...(body.code_name !== undefined && { codeName: body.code_name }),
  ...(body.description !== undefined && { description: body.description }),
})

export const toNamedBody = ({ id, name, codeName, description }: Named<number>) => ({
  id,
  name,
  code_name: codeName,
  description,
})
