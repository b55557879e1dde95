import { Badge, Button, Group, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { ProblemError } from '@propusk/client'
import type { ReactNode } from 'react'
import {
  Ago,
  At,
  CopyText,
  confirm,
  Device,
  EmptyState,
  ErrorState,
  Fact,
  Facts,
  LoadingRows,
  NoMatchState,
  NoPermissionState,
  notifyDone,
  notifyProblem,
  Page,
  Permission,
  Person,
  ProblemNote,
  Section,
  Status,
} from '../../ui/index.ts'

const anna = { email: 'anna.petrova@example.com', first_name: 'Анна', last_name: 'Петрова' }
const nameless = { email: 'someone-with-a-rather-long-address@department.example.com' }
const refused = new ProblemError(403, {
  code: 'permission_denied',
  detail: 'You need the permission users:update.',
})
const broken = new ProblemError(503, {
  code: 'unavailable',
  detail: 'The store cannot be reached.',
  instance: 'urn:uuid:0190b7c1-6e4f-7a2b-9c3d-5e6f7a8b9c0d',
})
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'curl/8.5.0',
  '',
]

/** Every component in its states, to be looked at while one of them is worked on. In development only, and in English. */
export function KitScreen() {
  return (
    <Page
      title="Kit"
      lead="Every component in its states."
      actions={
        <>
          <Button variant="default">Secondary</Button>
          <Button>Primary</Button>
        </>
      }
    >
      <Section title="Buttons">
        <Row>
          <Button>Primary</Button>
          <Button loading>Primary</Button>
          <Button disabled>Primary</Button>
          <Button variant="default">Secondary</Button>
          <Button variant="default" c="var(--bad)">
            Dangerous
          </Button>
          <Button
            variant="default"
            onClick={() =>
              confirm({
                title: 'End 3 sessions of Anna Petrova?',
                body: 'She has to sign in again on each device.',
                verb: 'End 3 sessions',
                act: async () => undefined,
              })
            }
          >
            Ask
          </Button>
          <Button variant="default" onClick={() => notifyDone('Saved.', { undo: async () => undefined })}>
            Tell
          </Button>
          <Button variant="default" onClick={() => notifyProblem(refused)}>
            Refuse
          </Button>
        </Row>
      </Section>
      <Section title="States in a word">
        <Row>
          <Status tone="good">Active</Status>
          <Status tone="quiet">Deactivated</Status>
          <Status tone="warn">Waiting</Status>
          <Status tone="bad">Silent</Status>
          <Status tone="accent">Chosen</Status>
          <Badge color="gray">supervisor</Badge>
          <Badge color="yellow">Superuser</Badge>
        </Row>
      </Section>
      <Section title="People, permissions, devices, times">
        <Stack gap="xs">
          <Person person={anna} />
          <Person person={nameless} />
          <Row>
            <Permission name="documents:approve" />
            <Permission name="documents:approve" tone="gained" />
            <Permission name="documents:approve" tone="lost" />
          </Row>
          {agents.map(userAgent => (
            <Device key={userAgent} userAgent={userAgent} ipAddress="192.0.2.23" />
          ))}
          <Facts>
            <Fact name="Copied by a click">
              <CopyText value="0190b7c1-6e4f-7a2b-9c3d-5e6f7a8b9c0d" />
            </Fact>
            <Fact name="Ago">
              <Ago at="2026-11-25T12:00:00Z" />
            </Fact>
            <Fact name="At">
              <At at="2026-11-25T12:00:00Z" exact />
            </Fact>
          </Facts>
        </Stack>
      </Section>
      <Section title="Fields">
        <Stack gap="sm" maw={420}>
          <TextInput label="Email" defaultValue={anna.email} />
          <TextInput label="Email" defaultValue="anna@" error="An email has one @ and a host." />
          <TextInput label="Email" defaultValue={anna.email} disabled />
          <PasswordInput label="Password" description="Length is what counts." />
          <Select label="Role" data={['admin', 'supervisor', 'user']} defaultValue="user" />
          <ProblemNote problem={refused} />
          <ProblemNote problem={new TypeError('fetch failed')} />
        </Stack>
      </Section>
      <Section title="Instead of content">
        <LoadingRows count={4} />
        <EmptyState title="No roles yet">A role is a set of permissions that people can be given.</EmptyState>
        <NoMatchState onClear={() => undefined} />
        <NoPermissionState permission="users:read" />
        <ErrorState error={broken} onRetry={() => undefined} />
        <ErrorState error={new TypeError('fetch failed')} onRetry={() => undefined} />
      </Section>
    </Page>
  )
}

const Row = ({ children }: { readonly children: ReactNode }) => <Group gap="sm">{children}</Group>
