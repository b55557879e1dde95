import { LinkAnchor } from '../../../ui/index.ts'

interface TargetLinkProps {
  readonly target: string
  readonly name: string | undefined
}

/** The resources that have a page of their own for each thing. */
const pages = {
  users: '/console/users/$id',
  sessions: '/console/sessions/$id',
  roles: '/console/roles/$id',
  resources: '/console/resources/$id',
  actions: '/console/actions/$id',
  api_keys: '/console/api-keys/$id',
} as const

/** Leads to what an event is about, where it has a page; names it otherwise. */
export function TargetLink({ target, name }: TargetLinkProps) {
  const [, resource = '', id = ''] = /^([a-z_]+)\/(\d+)$/.exec(target) ?? []
  const page = (pages as Readonly<Record<string, (typeof pages)[keyof typeof pages]>>)[resource]
  const shown = (
    <>
      {name !== undefined && `${name} `}
      <code className={name === undefined ? undefined : 'dim'}>{target}</code>
    </>
  )
  if (page === undefined) return shown
  return (
    <LinkAnchor to={page} params={{ id }} inherit>
      {shown}
    </LinkAnchor>
  )
}
