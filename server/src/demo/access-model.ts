/** What the demo adds to the built-in resources and actions, and the three roles that show what they are for. */
export interface DemoEntry {
  readonly codeName: string
  readonly name: string
  readonly description: string
}

export interface DemoRole extends DemoEntry {
  readonly permissions: readonly string[]
}

export const demoResources: readonly DemoEntry[] = [
  { codeName: 'projects', name: 'Projects', description: 'The demo API /api/demo/projects/.' },
  { codeName: 'tasks', name: 'Tasks', description: 'Pieces of work inside a project.' },
  { codeName: 'documents', name: 'Documents', description: 'The demo API /api/demo/documents/.' },
  { codeName: 'settings', name: 'Settings', description: 'How the application behaves.' },
  { codeName: 'reports', name: 'Reports', description: 'Figures for those who decide.' },
  { codeName: 'payments', name: 'Payments', description: 'Money that leaves the house.' },
]

export const demoActions: readonly DemoEntry[] = [
  { codeName: 'approve', name: 'Approve', description: 'Say that something may take effect.' },
  { codeName: 'export', name: 'Export', description: 'Take everything out in one file.' },
]

/**
 * Each role covers the one below it: a caller cannot touch an account that holds a permission which the caller lacks,
 * so an administrator who lacked one of a supervisor's could not manage supervisors. Reserved for superusers: to delete
 * settings, and payments except for approving and exporting them.
 */
export const demoRoles: readonly DemoRole[] = [
  {
    codeName: 'admin',
    name: 'Administrator',
    description: 'Looks after people, roles and everything that the application holds, except money.',
    permissions: [
      ...['users:all', 'roles:all', 'actions:all', 'resources:all', 'permissions:all'],
      ...['sessions:all', 'tokens:delete', 'throttle:all', 'audit:read', 'server:read'],
      ...['projects:all', 'tasks:all', 'documents:all', 'reports:all'],
      ...['settings:read', 'settings:update', 'payments:read', 'payments:approve', 'payments:export'],
    ],
  },
  {
    codeName: 'supervisor',
    name: 'Supervisor',
    description: 'Leads a team: approves what it writes and sees who is signed in.',
    permissions: [
      ...['users:read', 'sessions:read', 'settings:read'],
      ...['projects:read', 'projects:create', 'projects:update', 'tasks:all'],
      ...['documents:read', 'documents:create', 'documents:update', 'documents:approve', 'documents:export'],
      ...['reports:read', 'reports:export', 'payments:read', 'payments:approve'],
    ],
  },
  {
    codeName: 'user',
    name: 'User',
    description: 'Reads projects and documents and works on tasks; deletes nothing.',
    permissions: [
      ...['projects:read', 'documents:read', 'reports:read'],
      ...['tasks:read', 'tasks:create', 'tasks:update'],
    ],
  },
]
