import { type CsvCell, type ExportRows, exportParameters, splitQuery, toCsv } from '../exports/index.ts'
import {
  freshly,
  listParameters,
  type Pager,
  type Route,
  route,
  Type,
  tableSuccess,
  walkList,
} from '../http/index.ts'
import type { PageRequest } from '../kernel/index.ts'
import { accountFields, exportedFields } from './account-fields.ts'
import { toUserBody, userExample, userFilters, userList } from './schemas.ts'
import type { UserColumn, UserFilter } from './user-list.sql.ts'
import type { UserStore } from './user-store.sql.ts'

export interface UserExportDeps {
  /** Committed rows. */
  readonly users: UserStore
  readonly pager: Pager
  readonly exportRows: ExportRows
}

const columns = exportedFields.map(field => accountFields[field].column)
const header = [...columns, 'roles']

/** Code names hold no spaces. */
const toCells = (body: ReturnType<typeof toUserBody>): readonly CsvCell[] => [
  ...columns.map(column => body[column]),
  body.roles.join(' '),
]

/** Without the byte order mark, which a document does not show. */
const csvExample = toCsv({ header }, [toCells(userExample)]).slice(1)

export const userExportRoutes = ({ users, pager, exportRows }: UserExportDeps): readonly Route[] => {
  /** Pages of accounts, each with the roles that its holder has when the page is read. */
  async function* pagesOf(filter: UserFilter, request: PageRequest<UserColumn>) {
    for await (const rows of walkList(userList, request, page => users.list(filter, page))) {
      const roles = await users.rolesOf(rows.map(user => user.id))
      yield rows.map(user => toUserBody({ ...user, roles: roles.get(user.id) ?? [] }))
    }
  }

  return [
    route({
      method: 'GET',
      path: '/users/export/',
      access: { resource_name: 'users' },
      operationId: 'exportUsers',
      stepUp: freshly,
      tag: 'Users',
      summary: 'Export users',
      description:
        'Every account of the list, however many, as a table in CSV (RFC 4180, UTF-8 with a byte order mark) or as lines of JSON: the columns of the row, roles with spaces between them. In CSV a text that a spreadsheet would run as a formula gets an apostrophe. The export is recorded in the audit (`data.export`). Ordered by a column that changes during the export, an account may be missing or listed twice; ordered by `id`, none is.',
      query: Type.Object(
        { ...userFilters, ordering: listParameters.ordering, ...exportParameters },
        { additionalProperties: false },
      ),
      success: tableSuccess('users', {
        csv: csvExample,
        jsonl: `${JSON.stringify({ id: userExample.id, email: userExample.email })}\n`,
      }),
      rejections: ['too_many_requests'],
      handler({ principal, origin, query }) {
        const { filters, shape } = splitQuery(query, header)
        const request = pager.read(userList, filters)
        const pages = pagesOf({ isActive: filters.is_active, role: filters.role }, request)
        return exportRows({ principal, origin, what: 'users', filters }, { header, shape, pages, toCells })
      },
    }),
  ]
}
