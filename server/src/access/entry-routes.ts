import {
  entityTagOf,
  IdParams,
  type ListSpec,
  listParameters,
  type PreconditionOn,
  pageSchema,
  type Route,
  route,
  searchParameter,
  Type,
} from '../http/index.ts'
import { type Listed, Rejection } from '../kernel/index.ts'
import { type EntryKind, namedOrderings } from './catalogue.ts'
import { createEntry, deleteEntry, updateEntry } from './entries.ts'
import {
  closed,
  namedPatch,
  namedRow,
  namedRules,
  namedWrite,
  toNamedBody,
  toNamedChanges,
  toNamedFields,
} from './field-schemas.ts'
import type { Named, NamedColumn } from './named-store.sql.ts'
import type { AccessRouteDeps } from './routes.ts'

/** The room of resources, or of actions: the same routes under another name. */
export const entryRoutes = <Id extends number>(
  deps: AccessRouteDeps,
  kind: EntryKind<Id>,
): readonly Route[] => {
  const { part, table } = kind
  const { title, titles, paths, deprecatedPaths, what, schemas, writeExample, example } = entryTexts[part]
  const store = kind.storeOf(deps.stores)
  const access = { resource_name: table }
  const list: ListSpec<Listed<Named<Id>>, NamedColumn> = {
    path: `/api/auth${paths}`,
    orderings: namedOrderings,
    defaultOrdering: 'id',
    idOf: row => row.id,
  }
  const answer = (description: string) =>
    ({ status: 200, description, schema: schemas.Body, example, etag: entityTagOf }) as const
  const onEntry = (precondition: PreconditionOn) =>
    precondition((entry: Named<Id>) => entityTagOf(toNamedBody(entry)))
  const all = {
    path: paths,
    ...(deprecatedPaths && { deprecatedPaths: [deprecatedPaths] }),
    access,
    tag: titles,
  }
  const one = {
    ...all,
    path: `${paths}:id/`,
    ...(deprecatedPaths && { deprecatedPaths: [`${deprecatedPaths}:id/`] }),
    params: IdParams,
  }

  return [
    route({
      ...all,
      method: 'GET',
      operationId: `list${titles}`,
      summary: `List ${table}`,
      description: `${what} \`search\` looks into the name and the code name.`,
      query: Type.Object({ ...listParameters, search: searchParameter }, { additionalProperties: false }),
      success: {
        status: 200,
        description: 'One page.',
        schema: pageSchema(schemas.Body, `${title}Page`),
        example: { next: null, previous: null, results: [example] },
      },
      async handler({ query }) {
        const page = await store.list(deps.pager.read(list, query))
        return deps.pager.answer(list, query, page, toNamedBody)
      },
    }),

    route({
      ...all,
      method: 'POST',
      operationId: `create${title}`,
      summary: `Create ${articleOf(part)}`,
      description: `${what} A new one permits nothing to anyone until a role is given a permission on it.`,
      body: schemas.WriteBody,
      bodyExample: writeExample,
      rules: namedRules,
      success: { ...answer(`The ${part} exists.`), status: 201 },
      rejections: ['conflict'],
      async handler({ principal, body, origin }) {
        const entry = await createEntry(deps, kind, { principal, origin }, toNamedFields(body))
        return toNamedBody(entry)
      },
    }),

    route({
      ...one,
      method: 'GET',
      operationId: `read${title}`,
      summary: `Read ${articleOf(part)}`,
      description: what,
      success: answer(`The ${part}.`),
      rejections: ['not_found'],
      async handler({ params }) {
        const entry = await store.findById(params.id as Id)
        if (entry === undefined) throw new Rejection('not_found')
        return toNamedBody(entry)
      },
    }),

    route({
      ...one,
      method: 'PUT',
      operationId: `replace${title}`,
      summary: `Replace ${articleOf(part)}`,
      description: `Sets the whole ${part}: a description left out becomes null. The rules of \`PATCH\` apply.`,
      takesIfMatch: true,
      body: schemas.WriteBody,
      bodyExample: writeExample,
      rules: namedRules,
      success: answer(`The ${part} as it is now.`),
      rejections: ['not_found', 'conflict'],
      async handler({ principal, params, body, origin, precondition }) {
        const caller = { principal, origin, precondition: onEntry(precondition) }
        const entry = updateEntry(deps, kind, caller, params.id as Id, toNamedFields(body))
        return toNamedBody(await entry)
      },
    }),

    route({
      ...one,
      method: 'PATCH',
      operationId: `change${title}`,
      summary: `Change ${articleOf(part)}`,
      description:
        'Changes what the body names. A new code name renames the permissions in every role that holds some of it: who asks must hold them under both names. The code name of a built-in one stays (409).',
      takesIfMatch: true,
      body: schemas.PatchBody,
      bodyExample: { description: writeExample.description },
      rules: namedRules,
      success: answer(`The ${part} as it is now.`),
      rejections: ['not_found', 'conflict'],
      async handler({ principal, params, body, origin, precondition }) {
        const caller = { principal, origin, precondition: onEntry(precondition) }
        const entry = updateEntry(deps, kind, caller, params.id as Id, toNamedChanges(body))
        return toNamedBody(await entry)
      },
    }),

    route({
      ...one,
      method: 'DELETE',
      operationId: `delete${title}`,
      summary: `Delete ${articleOf(part)}`,
      description: `Deletes the ${part} and takes its permissions from every role: who asks must hold those. A built-in one stays (409).`,
      takesIfMatch: true,
      success: { status: 204, description: `The ${part} is gone.` },
      rejections: ['not_found', 'conflict'],
      async handler({ principal, params, origin, precondition }) {
        const caller = { principal, origin, precondition: onEntry(precondition) }
        await deleteEntry(deps, kind, caller, params.id as Id)
      },
    }),
  ]
}

const articleOf = (part: 'resource' | 'action') => (part === 'action' ? 'an action' : 'a resource')

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
const entryTexts = {
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
