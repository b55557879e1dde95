import { type BodyRules, NullableText, Type } from '../http/index.ts'
import { codeNamePattern, nameProblems, normalName } from '../kernel/index.ts'
import { maxNameCharacters } from './catalogue.ts'
import type { Named, NamedFields } from './named-store.sql.ts'

/** The fields that the bodies of roles, resources and actions share. */
export const namedRow = {
  id: Type.Integer(),
  name: Type.String(),
  code_name: Type.String(),
  description: NullableText,
}

const NameField = Type.String({
  minLength: 1,
  maxLength: maxNameCharacters,
  pattern: '\\S',
  description: 'What people read. Unique: two that a reader takes for one another are the same.',
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

/** In an answer: what a session must have shown (ADR 49). */
export const RequiredLevel = (description: string) => Type.Optional(Type.Literal('aal2', { description }))

/** Common to all bodies of a write: no unknown fields, and no id. */
export const closed = { additionalProperties: false, 'x-read-only': ['id'] } as const

/** What the domain says of the name in a body, beside its schema. */
export const namedRules = {
  name: text => nameProblems(text, maxNameCharacters, false),
} satisfies BodyRules

interface Write {
  name: string
  code_name: string
  description?: string | null
}

export const toNamedFields = (body: Write): NamedFields => ({
  name: normalName(body.name, maxNameCharacters),
  codeName: body.code_name,
  description: body.description ?? null,
})

export const toNamedChanges = (body: Partial<Write>): Partial<NamedFields> => ({
  ...(body.name !== undefined && { name: normalName(body.name, maxNameCharacters) }),
  ...(body.code_name !== undefined && { codeName: body.code_name }),
  ...(body.description !== undefined && { description: body.description }),
})

export const toNamedBody = ({ id, name, codeName, description }: Named<number>) => ({
  id,
  name,
  code_name: codeName,
  description,
})
