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

const projectStatuses = ['planned', 'active', 'done'] as const

interface Project {
  readonly id: number
  readonly name: string
  readonly status: (typeof projectStatuses)[number]
}

const Name = Type.String({ minLength: 1, maxLength: 100 })
const Status = Type.Enum([...projectStatuses], { description: 'How far the project is.' })

const ProjectBody = Type.Object({ id: Type.Integer(), name: Name, status: Status }, { $id: 'DemoProject' })

/** For POST and PUT; what is left out of a write gets its default. */
const ProjectWriteBody = Type.Object(
  { name: Name, status: Type.Optional(Status) },
  { $id: 'DemoProjectWrite', additionalProperties: false, 'x-read-only': ['id'] },
)

const ProjectPatchBody = Type.Partial(ProjectWriteBody, {
  $id: 'DemoProjectPatch',
  minProperties: 1,
  additionalProperties: false,
  'x-read-only': ['id'],
})

const IdParams = Type.Object({ id: Type.Integer({ minimum: 1, description: 'The id of the project.' }) })

const ListQuery = Type.Object(
  { ...listParameters, search: searchParameter, status: Type.Optional(Status) },
  { additionalProperties: false },
)

const projectList: ListSpec<Project, 'id' | 'name' | 'status'> = {
  path: '/api/demo/projects/',
  orderings: { id: project => project.id, name: project => project.name, status: project => project.status },
  defaultOrdering: 'id',
  idOf: project => project.id,
}

const example: Project = { id: 1, name: 'New website', status: 'active' }
const writeExample = { name: 'New website', status: 'active' }

/** What every record below says: the method names the action, so GET asks for `projects:read`, POST for `projects:create`. */
const common = { tag: 'Demo: projects', access: { resource_name: 'projects' } } as const

const theProject = { status: 200, description: 'The project.', schema: ProjectBody, example } as const

/** The simplest protected API: five actions on one kind of resource. */
/** The rows of a process that has just started. */
export const initialProjects: readonly Omit<Project, 'id'>[] = [
  { name: 'New website', status: 'active' },
  { name: 'Mobile app', status: 'active' },
  { name: 'Переезд офиса', status: 'planned' },
  { name: 'Warehouse automation', status: 'active' },
  { name: 'Обучение новых сотрудников', status: 'done' },
  { name: 'Annual report', status: 'planned' },
  { name: 'Customer survey', status: 'done' },
  { name: 'Электронный архив', status: 'active' },
  { name: 'Payment gateway', status: 'active' },
  { name: 'Office network', status: 'done' },
  { name: 'Каталог продукции', status: 'planned' },
  { name: 'Support portal', status: 'active' },
]

export const projectRoutes = (projects: DemoStore<Project>, pager: Pager): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/projects/',
    operationId: 'listProjects',
    summary: 'List projects',
    description: 'Projects in pages; `search` looks into the name.',
    query: ListQuery,
    success: {
      status: 200,
      description: 'One page of projects.',
      schema: pageSchema(ProjectBody, 'DemoProjectPage'),
      example: { next: null, previous: null, results: [example] },
    },
    handler({ query }) {
      const request = pager.read(projectList, query)
      const page = projects.page(projectList, request, project => isWanted(project, query))
      return pager.answer(projectList, query, page, project => project)
    },
  }),

  route({
    ...common,
    method: 'POST',
    path: '/projects/',
    operationId: 'createProject',
    summary: 'Add a project',
    description: 'A new project is `planned` unless the body says otherwise.',
    body: ProjectWriteBody,
    bodyExample: writeExample,
    success: { ...theProject, status: 201 },
    rejections: ['conflict'],
    handler: ({ body }) => projects.add({ name: body.name, status: body.status ?? 'planned' }),
  }),

  route({
    ...common,
    method: 'GET',
    path: '/projects/:id/',
    operationId: 'readProject',
    summary: 'Show a project',
    description: 'One project by its id.',
    params: IdParams,
    success: theProject,
    rejections: ['not_found'],
    handler: ({ params }) => projects.get(params.id),
  }),

  route({
    ...common,
    method: 'PUT',
    path: '/projects/:id/',
    operationId: 'replaceProject',
    summary: 'Replace a project',
    description: 'Sets every field; a `status` that is left out becomes `planned`.',
    params: IdParams,
    body: ProjectWriteBody,
    bodyExample: writeExample,
    success: theProject,
    rejections: ['not_found'],
    handler: ({ params, body }) =>
      projects.replace(params.id, { name: body.name, status: body.status ?? 'planned' }),
  }),

  route({
    ...common,
    method: 'PATCH',
    path: '/projects/:id/',
    operationId: 'updateProject',
    summary: 'Change a project',
    description: 'Sets the fields that the body names.',
    params: IdParams,
    body: ProjectPatchBody,
    bodyExample: { status: 'done' },
    success: theProject,
    rejections: ['not_found'],
    handler({ params, body }) {
      const { name, status } = projects.get(params.id)
      return projects.replace(params.id, { name: body.name ?? name, status: body.status ?? status })
    },
  }),

  route({
    ...common,
    method: 'DELETE',
    path: '/projects/:id/',
    operationId: 'deleteProject',
    summary: 'Remove a project',
    description: 'Its id is not given out again.',
    params: IdParams,
    success: { status: 204, description: 'The project is gone.' },
    rejections: ['not_found'],
    handler: ({ params }) => projects.remove(params.id),
  }),
]

const isWanted = (project: Project, { status, search }: Static<typeof ListQuery>): boolean =>
  (status === undefined || project.status === status) &&
  project.name.toLowerCase().includes((search ?? '').trim().toLowerCase())
