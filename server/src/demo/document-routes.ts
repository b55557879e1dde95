import { separatorOf, separatorParameter, toCsv } from '../exports/index.ts'
import {
  type ListSpec,
  listParameters,
  type Pager,
  pageSchema,
  type Route,
  route,
  type Static,
  searchParameter,
  Type,
} from '../http/index.ts'
import type { DemoStore } from './demo-store.ts'

/** What an author may set; `approved` comes from the approval alone, or `documents:approve` would mean nothing. */
const draftStatuses = ['draft', 'review'] as const
const documentStatuses = [...draftStatuses, 'approved'] as const

interface Document {
  readonly id: number
  readonly title: string
  readonly status: (typeof documentStatuses)[number]
}

const Title = Type.String({ minLength: 1, maxLength: 100 })
const Status = Type.Enum([...documentStatuses], { description: 'How far the document is.' })
const DraftStatus = Type.Enum([...draftStatuses], {
  description: 'How far the document is. Only an approval makes it `approved`.',
})

const DocumentBody = Type.Object(
  { id: Type.Integer(), title: Title, status: Status },
  { $id: 'DemoDocument' },
)

/** For POST and PUT; what is left out of a write gets its default. */
const DocumentWriteBody = Type.Object(
  { title: Title, status: Type.Optional(DraftStatus) },
  { $id: 'DemoDocumentWrite', additionalProperties: false, 'x-read-only': ['id'] },
)

const DocumentPatchBody = Type.Partial(DocumentWriteBody, {
  $id: 'DemoDocumentPatch',
  minProperties: 1,
  additionalProperties: false,
  'x-read-only': ['id'],
})

const IdParams = Type.Object({ id: Type.Integer({ minimum: 1, description: 'The id of the document.' }) })

const ListQuery = Type.Object(
  { ...listParameters, search: searchParameter, status: Type.Optional(Status) },
  { additionalProperties: false },
)

const documentList: ListSpec<Document, 'id' | 'title' | 'status'> = {
  path: '/api/demo/documents/',
  orderings: {
    id: document => document.id,
    title: document => document.title,
    status: document => document.status,
  },
  defaultOrdering: 'id',
  idOf: document => document.id,
}

const example: Document = { id: 1, title: 'Terms of service', status: 'approved' }
const draftExample: Document = { id: 13, title: 'Meeting notes', status: 'draft' }
const writeExample = { title: 'Meeting notes', status: 'draft' }

/** The method names the action, unless a route names another: see `approve` and `export` below. */
const common = { tag: 'Demo: documents', access: { resource_name: 'documents' } } as const

const theDocument = { status: 200, description: 'The document.', schema: DocumentBody } as const

/** A protected API with two actions of its own beside the usual ones. */
/** The rows of a process that has just started. */
export const initialDocuments: readonly Omit<Document, 'id'>[] = [
  { title: 'Terms of service', status: 'approved' },
  { title: 'Privacy policy', status: 'approved' },
  { title: 'Договор поставки № 17', status: 'review' },
  { title: 'Budget for next year', status: 'draft' },
  { title: 'Положение об отпусках', status: 'approved' },
  { title: 'Release plan', status: 'review' },
  { title: 'Security guidelines', status: 'approved' },
  { title: 'Протокол совещания', status: 'draft' },
  { title: 'Price list', status: 'review' },
  { title: 'Incident report', status: 'draft' },
  { title: 'Инструкция для новичков', status: 'approved' },
  { title: 'Travel expenses', status: 'draft' },
]

export const documentRoutes = (documents: DemoStore<Document>, pager: Pager): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/documents/',
    operationId: 'listDocuments',
    summary: 'List documents',
    description: 'Documents in pages; `search` looks into the title.',
    query: ListQuery,
    success: {
      status: 200,
      description: 'One page of documents.',
      schema: pageSchema(DocumentBody, 'DemoDocumentPage'),
      example: { next: null, previous: null, results: [example] },
    },
    handler({ query }) {
      const request = pager.read(documentList, query)
      const page = documents.page(documentList, request, document => isWanted(document, query))
      return pager.answer(documentList, query, page, document => document)
    },
  }),

  route({
    ...common,
    method: 'POST',
    path: '/documents/',
    operationId: 'createDocument',
    summary: 'Add a document',
    description: 'A new document is a `draft` unless the body says `review`.',
    body: DocumentWriteBody,
    bodyExample: writeExample,
    success: { ...theDocument, status: 201, example: draftExample },
    rejections: ['conflict'],
    handler: ({ body }) => documents.add({ title: body.title, status: body.status ?? 'draft' }),
  }),

  route({
    ...common,
    access: { resource_name: 'documents', action: 'export' },
    method: 'GET',
    path: '/documents/export/',
    operationId: 'exportDocuments',
    summary: 'Export all documents',
    description:
      'A table in CSV (RFC 4180, UTF-8 with a byte order mark). A title that a spreadsheet would run as a formula gets an apostrophe.',
    query: Type.Object({ separator: separatorParameter }, { additionalProperties: false }),
    success: {
      status: 200,
      description: 'Every document, one in a line.',
      schema: Type.String(),
      example: '"id","title","status"\r\n1,"Terms of service","approved"\r\n',
      contentType: 'text/csv; charset=utf-8',
      headers: { 'content-disposition': 'attachment; filename="documents.csv"' },
    },
    handler: ({ query }) =>
      toCsv(
        { header: ['id', 'title', 'status'], separator: separatorOf(query.separator) },
        documents.all().map(({ id, title, status }) => [id, title, status]),
      ),
  }),

  route({
    ...common,
    method: 'GET',
    path: '/documents/:id/',
    operationId: 'readDocument',
    summary: 'Show a document',
    description: 'One document by its id.',
    params: IdParams,
    success: { ...theDocument, example },
    rejections: ['not_found'],
    handler: ({ params }) => documents.get(params.id),
  }),

  route({
    ...common,
    method: 'PUT',
    path: '/documents/:id/',
    operationId: 'replaceDocument',
    summary: 'Replace a document',
    description:
      'Sets every field; a `status` that is left out becomes `draft`, so an approved document needs a new approval.',
    params: IdParams,
    body: DocumentWriteBody,
    bodyExample: writeExample,
    success: { ...theDocument, example: draftExample },
    rejections: ['not_found'],
    handler: ({ params, body }) =>
      documents.replace(params.id, { title: body.title, status: body.status ?? 'draft' }),
  }),

  route({
    ...common,
    method: 'PATCH',
    path: '/documents/:id/',
    operationId: 'updateDocument',
    summary: 'Change a document',
    description:
      'Sets the fields that the body names. An approved document with another title is a `draft` again.',
    params: IdParams,
    body: DocumentPatchBody,
    bodyExample: { title: 'Meeting notes, corrected' },
    success: { ...theDocument, example: { ...draftExample, title: 'Meeting notes, corrected' } },
    rejections: ['not_found'],
    handler: ({ params, body }) => documents.replace(params.id, amend(documents.get(params.id), body)),
  }),

  route({
    ...common,
    method: 'DELETE',
    path: '/documents/:id/',
    operationId: 'deleteDocument',
    summary: 'Remove a document',
    description: 'Its id is not given out again.',
    params: IdParams,
    success: { status: 204, description: 'The document is gone.' },
    rejections: ['not_found'],
    handler: ({ params }) => documents.remove(params.id),
  }),

  route({
    ...common,
    access: { resource_name: 'documents', action: 'approve' },
    method: 'POST',
    path: '/documents/:id/approve/',
    operationId: 'approveDocument',
    summary: 'Approve a document',
    description: 'Approving an approved document changes nothing and answers the same.',
    params: IdParams,
    success: { ...theDocument, example },
    rejections: ['not_found'],
    handler: ({ params }) =>
      documents.replace(params.id, { title: documents.get(params.id).title, status: 'approved' }),
  }),
]

/** An approval holds for the text that was approved: with another title the document needs a new one. */
function amend(
  document: Document,
  { title, status }: Static<typeof DocumentPatchBody>,
): Omit<Document, 'id'> {
  const next = title ?? document.title
  const kept = next !== document.title && document.status === 'approved' ? 'draft' : document.status
  return { title: next, status: status ?? kept }
}

const isWanted = (document: Document, { status, search }: Static<typeof ListQuery>): boolean =>
  (status === undefined || document.status === status) &&
  document.title.toLowerCase().includes((search ?? '').trim().toLowerCase())
