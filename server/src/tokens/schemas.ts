import { Type } from '../http/index.ts'

export const TokenPairBody = Type.Object(
  {
    access: Type.String({ description: 'A JWT (RFC 9068) for `Authorization: Bearer …`.' }),
    refresh: Type.String({ description: 'Works once, for the next pair.' }),
  },
  { $id: 'TokenPair' },
)

export const tokenPairExample = { access: 'eyJhbGciOiJFUzI1NiIs…', refresh: 'eyJhbGciOiJFUzI1NiIs…' }
