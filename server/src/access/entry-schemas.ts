import { Type } from '../http/index.ts'
import { closed, namedPatch, namedRow, namedWrite } from './field-schemas.ts'

const schemasOf = (title: 'Resource' | 'Action') => ({
  Body: Type.Object(namedRow, { $id: title }),
  WriteBody: Type.Object(namedWrite, { $id: `${title}Write`, ...closed }),
  PatchBody: Type.Object(namedPatch, { $id: `${title}Patch`, minProperties: 1, ...closed }),
})

const resourceWriteExample = {
  name: 'Invoices',
  code_name: 'invoices',
  description: 'What customers are asked to pay.',
}
const actionWriteExample = { name: 'Approve', code_name: 'approve', description: null }

/** How the rooms of resources and of actions differ in the documents. */
export const entryTexts = {
  resource: {
    title: 'Resource',
    titles: 'Resources',
    paths: '/resources/',
    deprecatedPaths: '/resourses/',
    what: 'A resource is a kind of thing that routes protect.',
    schemas: schemasOf('Resource'),
    writeExample: resourceWriteExample,
    example: { id: 12, ...resourceWriteExample },
  },
  action: {
    title: 'Action',
    titles: 'Actions',
    paths: '/actions/',
    deprecatedPaths: undefined,
    what: 'An action is something that can be done to a resource; `all` covers every other one.',
    schemas: schemasOf('Action'),
    writeExample: actionWriteExample,
    example: { id: 6, ...actionWriteExample },
  },
} as const
