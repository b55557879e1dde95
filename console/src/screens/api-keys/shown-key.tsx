import { Alert, Button, CopyButton, Stack } from '@mantine/core'
import { type ApiKeyWithSecret, operations } from '@propusk/client'
import { useBlocker } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { useWholeList } from '../../access/index.ts'
import { basePath, useMay } from '../../session/index.ts'
import { CopyActions, useCommonText } from '../../ui/index.ts'
import classes from './api-keys.module.css'
import { useKeyFormText } from './messages.ts'

interface ShownKeyProps {
  readonly made: ApiKeyWithSecret
  /** What else came of it. */
  readonly note?: string
  onDone(): void
}

/** A key with its secret, the only time that there is one to show. The page cannot be left before `onDone`. */
export function ShownKey({ made, note, onDone }: ShownKeyProps) {
  const text = useKeyFormText()
  const address = useExampleAddress(made)
  useBlocker({ shouldBlockFn: () => true, enableBeforeUnload: true })
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light" icon={<TriangleAlert size={16} />}>
        {text('onlyOnce')} {note}
      </Alert>
      <div>
        <p className={classes.label}>{text('secret')}</p>
        <code className={classes.secret} data-secret>
          {made.key}
        </code>
      </div>
      <Example command={`curl -H "Authorization: Bearer ${made.key}" ${address ?? elsewhere}`}>
        {address === undefined && text('elsewhere')}
      </Example>
      <CopyActions value={made.key} copyLabel={text('copy')} doneLabel={text('done')} onDone={onDone} />
    </Stack>
  )
}

interface ExampleProps {
  readonly command: string
  readonly children: string | false
}

function Example({ command, children }: ExampleProps) {
  const text = useKeyFormText()
  const common = useCommonText()
  return (
    <div>
      <div className={classes.label}>
        {text('example')}
        <CopyButton value={command} timeout={1500}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="subtle" onClick={copy}>
              {common(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyButton>
      </div>
      <pre className={classes.example}>{command}</pre>
      {children !== false && <p className={classes.quiet}>{children}</p>}
    </div>
  )
}

/** Of a service that asks this server: a key need not be good for anything here. */
const elsewhere = 'https://your-service.example/'

/** The lists of this server, by the resource that it takes to read them. */
const lists = {
  users: operations.listUsers,
  roles: operations.listRoles,
  resources: operations.listResources,
  actions: operations.listActions,
  sessions: operations.listSessions,
  audit: operations.listAuditEvents,
  api_keys: operations.listApiKeys,
} as const

/** A list of this server that the key can read, as far as whoever made it can see what its roles permit. */
function useExampleAddress({ roles, permissions }: ApiKeyWithSecret): string | undefined {
  const may = useMay()
  const known = useWholeList('roles', 'listRoles', { isOn: may('roles', 'read') }).data ?? []
  const ofRoles = known.filter(({ code_name }) => roles.includes(code_name)).flatMap(role => role.permissions)
  const given = new Set([...permissions, ...ofRoles])
  const found = Object.entries(lists).find(
    ([resource]) => given.has(`${resource}:read`) || given.has(`${resource}:all`),
  )
  return found && `${window.location.origin}${basePath}${found[1].path}`
}
