import { Anchor, Group, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { api, basePath, useMay } from '../../session/index.ts'
import { CopyText, LinkButton, Page, Section } from '../../ui/index.ts'
import { CodeBlock } from './code-block.tsx'
import { useStartText } from './messages.ts'
import { type Snippet, snippets } from './snippets.ts'
import classes from './start.module.css'

/** What a developer needs to protect a service of their own, with this server's address in it. */
export function StartScreen() {
  const text = useStartText()
  const may = useMay()
  const url = usePublicUrl()
  return (
    <Page title={text('title')} lead={text('lead')}>
      <div className={classes.column}>
        <Section title={text('address')} lead={text('addressHint')}>
          <CopyText value={url} />
        </Section>
        <Section title={text('what')} lead={text('whatHint')}>
          <Group gap="xs">
            {may('resources', 'create') && (
              <LinkButton variant="default" to="/console/resources" search={{ create: 'yes' }}>
                {text('newResource')}
              </LinkButton>
            )}
            {may('roles', 'create') && (
              <LinkButton variant="default" to="/console/roles" search={{ create: 'yes' }}>
                {text('newRole')}
              </LinkButton>
            )}
            {may('roles', 'read') && (
              <LinkButton variant="default" to="/console/matrix">
                {text('toMatrix')}
              </LinkButton>
            )}
          </Group>
        </Section>
        <Section title={text('key')} lead={text('keyHint')}>
          {may('api_keys', 'create') && (
            <LinkButton variant="default" to="/console/api-keys" search={{ create: 'yes' }}>
              {text('newKey')}
            </LinkButton>
          )}
        </Section>
        <Code url={url} />
        <Section title={text('try')} lead={text('tryHint')}>
          {may('users', 'read') && (
            <LinkButton variant="default" to="/console/try">
              {text('toTry')}
            </LinkButton>
          )}
        </Section>
        <Section title={text('docs')} lead={text('docsHint')}>
          <ul className={classes.links}>
            <Document path="/swagger/">{text('swagger')}</Document>
            <Document path="/redoc/">{text('redoc')}</Document>
            <Document path="/openapi.json">{text('openapi')}</Document>
          </ul>
        </Section>
      </div>
    </Page>
  )
}

/** The address in tokens, which gates compare; until it is known the one in the address bar. */
function usePublicUrl(): string {
  const { data } = useQuery({
    queryKey: ['issuer'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await api.call('getAuthorizationServerMetadata', { signal })).issuer,
  })
  return data ?? `${window.location.origin}${basePath}`
}

function Code({ url }: { readonly url: string }) {
  const text = useStartText()
  const [id, setId] = useState<Snippet['id']>('node')
  const { code, fileName } = snippets.find(snippet => snippet.id === id)!
  return (
    <Section
      title={text('code')}
      lead={text(id)}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={text('language')}
          value={id}
          onChange={value => setId(value as Snippet['id'])}
          data={[
            { value: 'node', label: 'Node.js' },
            { value: 'python', label: 'Python' },
            { value: 'curl', label: 'curl' },
          ]}
        />
      }
    >
      <CodeBlock name={fileName} code={code({ url })} />
    </Section>
  )
}

const Document = ({ path, children }: { readonly path: string; readonly children: ReactNode }) => (
  <li>
    <Anchor href={`${basePath}${path}`} target="_blank" rel="noreferrer">
      {children} <ExternalLink size={13} aria-hidden />
    </Anchor>
  </li>
)
