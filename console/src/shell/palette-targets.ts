import type { useNavigate } from '@tanstack/react-router'
import {
  Blocks,
  BookOpen,
  CalendarDays,
  Download,
  FileUp,
  History,
  KeyRound,
  LogOut,
  type LucideIcon,
  Mail,
  MailPlus,
  MonitorSmartphone,
  RefreshCw,
  ScrollText,
  ShieldCheck,
  Split,
  TriangleAlert,
  UserPlus,
  UserRound,
  UserX,
  Zap,
} from 'lucide-react'
import type { PaletteKey } from './palette-messages.ts'

interface Target {
  readonly id: PaletteKey
  readonly icon: LucideIcon
}

type Permission = readonly [resource: string, action: string]

interface PageTarget extends Target {
  /** What it takes; everybody may, where it is absent. */
  readonly permission?: Permission
  readonly ofSuperusers?: boolean
  go(navigate: ReturnType<typeof useNavigate>): Promise<void>
}

const create = 'yes'

/** What begins on a page, or is found there under a heading. */
export const pages: readonly PageTarget[] = [
  {
    id: 'newUser',
    icon: UserPlus,
    permission: ['users', 'create'],
    go: navigate => navigate({ to: '/console/users', search: { create } }),
  },
  {
    id: 'invite',
    icon: MailPlus,
    permission: ['users', 'create'],
    go: navigate => navigate({ to: '/console/invitations', search: { create } }),
  },
  {
    id: 'importUsers',
    icon: FileUp,
    permission: ['users', 'create'],
    go: navigate => navigate({ to: '/console/users/import' }),
  },
  {
    id: 'newRole',
    icon: ShieldCheck,
    permission: ['roles', 'create'],
    go: navigate => navigate({ to: '/console/roles', search: { create } }),
  },
  {
    id: 'newApiKey',
    icon: KeyRound,
    permission: ['api_keys', 'create'],
    go: navigate => navigate({ to: '/console/api-keys', search: { create } }),
  },
  {
    id: 'newResource',
    icon: Blocks,
    permission: ['resources', 'create'],
    go: navigate => navigate({ to: '/console/resources', search: { create } }),
  },
  {
    id: 'newAction',
    icon: Zap,
    permission: ['actions', 'create'],
    go: navigate => navigate({ to: '/console/actions', search: { create } }),
  },
  {
    id: 'newForwardRule',
    icon: Split,
    permission: ['forward_rules', 'create'],
    go: navigate => navigate({ to: '/console/forward-rules', search: { create } }),
  },
  {
    id: 'deactivated',
    icon: UserX,
    permission: ['users', 'read'],
    go: navigate => navigate({ to: '/console/users', search: { is_active: 'false' } }),
  },
  {
    id: 'endEverybody',
    icon: LogOut,
    ofSuperusers: true,
    go: navigate => navigate({ to: '/console/sessions', search: { act: 'end-everybody' } }),
  },
  {
    id: 'eventsToday',
    icon: CalendarDays,
    permission: ['audit', 'read'],
    go: navigate => navigate({ to: '/console/audit', search: { period: 'today' } }),
  },
  {
    id: 'eventsYesterday',
    icon: CalendarDays,
    permission: ['audit', 'read'],
    go: navigate => navigate({ to: '/console/audit', search: { period: 'yesterday' } }),
  },
  {
    id: 'incidents',
    icon: TriangleAlert,
    permission: ['audit', 'read'],
    go: navigate => navigate({ to: '/console/audit', search: { kind: 'incidents' } }),
  },
  {
    id: 'roleChanges',
    icon: History,
    permission: ['audit', 'read'],
    go: navigate => navigate({ to: '/console/audit', search: { kind: 'role_changes' } }),
  },
  {
    id: 'rotateKeys',
    icon: RefreshCw,
    permission: ['server', 'update'],
    go: navigate => navigate({ to: '/console/settings', hash: 'keys' }),
  },
  {
    id: 'policy',
    icon: ShieldCheck,
    permission: ['server', 'read'],
    go: navigate => navigate({ to: '/console/settings', hash: 'policy' }),
  },
  { id: 'ownAccount', icon: UserRound, go: navigate => navigate({ to: '/account' }) },
  { id: 'ownEmail', icon: Mail, go: navigate => navigate({ to: '/account/email' }) },
  { id: 'ownPassword', icon: KeyRound, go: navigate => navigate({ to: '/account/password' }) },
  { id: 'ownFactors', icon: ShieldCheck, go: navigate => navigate({ to: '/account/factors' }) },
  { id: 'rememberedDevices', icon: MonitorSmartphone, go: navigate => navigate({ to: '/account/factors' }) },
  { id: 'ownDevices', icon: MonitorSmartphone, go: navigate => navigate({ to: '/account/devices' }) },
  { id: 'ownActivity', icon: ScrollText, go: navigate => navigate({ to: '/account/activity' }) },
  { id: 'ownData', icon: Download, go: navigate => navigate({ to: '/account' }) },
  { id: 'closeAccount', icon: UserX, go: navigate => navigate({ to: '/account/close' }) },
]

interface ExportTarget extends Target {
  readonly permission: Permission
  readonly operation: 'exportUsers' | 'exportSessions' | 'exportAuditEvents'
  readonly file: string
}

/** Whole tables as a file. */
export const exports_: readonly ExportTarget[] = [
  {
    id: 'exportUsers',
    icon: Download,
    permission: ['users', 'read'],
    operation: 'exportUsers',
    file: 'users.csv',
  },
  {
    id: 'exportSessions',
    icon: Download,
    permission: ['sessions', 'read'],
    operation: 'exportSessions',
    file: 'sessions.csv',
  },
  {
    id: 'exportAudit',
    icon: Download,
    permission: ['audit', 'read'],
    operation: 'exportAuditEvents',
    file: 'audit.csv',
  },
]

interface DocumentTarget extends Target {
  readonly path: string
}

/** The documents of the API, each in a tab of its own. */
export const documents: readonly DocumentTarget[] = [
  { id: 'swagger', icon: BookOpen, path: '/swagger/' },
  { id: 'redoc', icon: BookOpen, path: '/redoc/' },
]
