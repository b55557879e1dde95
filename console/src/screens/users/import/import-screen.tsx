import { Button, FileButton, Group, Progress, Stack, Textarea } from '@mantine/core'
import { FileUp } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../session/index.ts'
import { LinkButton, NoPermissionState, Page, useCommonText } from '../../../ui/index.ts'
import { BulkRun } from '../bulk/bulk-run.tsx'
import classes from './import.module.css'
import { ImportPreview } from './import-preview.tsx'
import { ImportReport } from './import-report.tsx'
import { useImportText } from './messages.ts'
import { type Import, useImport } from './use-import.ts'

/** Accounts for the people of a file: read, checked by the server row by row, shown, and opened after a yes. */
export function ImportScreen() {
  const may = useMay()
  return may('users', 'create') ? <ImportPeople /> : <NoPermissionState permission="users:create" />
}

function ImportPeople() {
  const text = useImportText()
  const common = useCommonText()
  const people = useImport()
  const { stage, rows, faults, accepted, progress } = people
  return (
    <Page
      title={text('title')}
      lead={text('lead')}
      actions={
        <LinkButton to="/console/users" variant="default">
          {text('toUsers')}
        </LinkButton>
      }
    >
      <div className={classes.body}>
        {stage === 'choose' && <Choose people={people} />}
        {stage === 'check' && (
          <Stack gap="sm" maw={520}>
            <p role="status">{text('checking', { done: faults.size, total: rows.length })}</p>
            <Progress
              value={(100 * faults.size) / Math.max(1, rows.length)}
              aria-label={text('checking', { done: faults.size, total: rows.length })}
            />
            <Group>
              <Button variant="default" onClick={people.stop}>
                {common('cancel')}
              </Button>
            </Group>
          </Stack>
        )}
        {stage === 'preview' && <ImportPreview people={people} />}
        {stage === 'run' && (
          <div className={classes.run}>
            <BulkRun progress={progress} total={accepted.length} onStop={people.stop} />
          </div>
        )}
        {stage === 'report' && <ImportReport people={people} />}
      </div>
    </Page>
  )
}

function Choose({ people }: { readonly people: Import }) {
  const text = useImportText()
  const [pasted, setPasted] = useState('')
  const { file } = people
  const choose = async (chosen: File | null) => {
    if (chosen !== null) await people.read(await chosen.text())
  }
  return (
    <Stack gap="md" maw={720}>
      <p className={classes.text}>{text('columns')}</p>
      <pre className={classes.example}>{example}</pre>
      {file?.fault !== undefined && (
        <p role="alert" className={classes.bad}>
          {text(file.fault)}
        </p>
      )}
      <Group>
        <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={chosen => void choose(chosen)}>
          {props => (
            <Button {...props} leftSection={<FileUp size={16} aria-hidden />}>
              {text('choose')}
            </Button>
          )}
        </FileButton>
      </Group>
      <Textarea
        label={text('paste')}
        value={pasted}
        onChange={event => setPasted(event.currentTarget.value)}
        autosize
        minRows={4}
        maxRows={12}
        spellCheck={false}
      />
      <Group>
        <Button variant="default" disabled={pasted.trim() === ''} onClick={() => void people.read(pasted)}>
          {text('check')}
        </Button>
      </Group>
    </Stack>
  )
}

const example = `email,first_name,last_name,roles,active
anna@example.com,Anna,Petrova,"user supervisor",yes
boris@example.com,Boris,Lebedev,user,yes`
