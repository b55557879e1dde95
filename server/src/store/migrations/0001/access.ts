import type { Words } from '../words.ts'

const namedTable = (words: Words, name: string, more: string[] = []): string => `create table ${name} (
  ${[
    `id ${words.id}`,
    `name ${words.text} not null constraint ${name}__name__key unique check (length(name) between 1 and 100)`,
    `code_name ${words.text} not null constraint ${name}__code_name__key unique
    check (${words.codeName('code_name')})`,
    `description ${words.text}`,
    `search_text ${words.text} not null`,
    ...more,
  ].join(',\n  ')}
) ${words.table}`

/** Roles, and the permissions that a resource and an action make together. */
export const accessTables = (words: Words): string[] => [
  namedTable(words, 'roles'),
  namedTable(words, 'resources', [words.flag('is_builtin')]),
  namedTable(words, 'actions', [words.flag('is_builtin')]),
  `create table permissions (
  id ${words.id},
  resource_id ${words.int} not null references resources (id) on delete cascade,
  action_id ${words.int} not null references actions (id) on delete cascade,
  constraint permissions__resource_id__action_id__key unique (resource_id, action_id)
) ${words.table}`,
  'create index permissions__action_id__index on permissions (action_id)',
]

/** Who has which role, and which role has which permission. */
export const assignmentTables = (words: Words): string[] => [
  `create table role_permissions (
  role_id ${words.int} not null references roles (id) on delete cascade,
  permission_id ${words.int} not null references permissions (id) on delete cascade,
  constraint role_permissions__role_id__permission_id__key primary key (role_id, permission_id)
) ${words.keyedTable}`,
  'create index role_permissions__permission_id__index on role_permissions (permission_id)',
  `create table user_roles (
  user_id ${words.int} not null references users (id) on delete restrict,
  role_id ${words.int} not null references roles (id) on delete cascade,
  constraint user_roles__user_id__role_id__key primary key (user_id, role_id)
) ${words.keyedTable}`,
  'create index user_roles__role_id__index on user_roles (role_id, user_id)',
]
