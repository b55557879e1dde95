import { Button, Group, Stack } from '@mantine/core'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { download } from '../../../ui/download.ts'
import { failureText, highlightRows, LeaveGuard, LinkButton, useCommonText } from '../../../ui/index.ts'
import classes from './import.module.css'
import { useReasons } from './import-preview.tsx'
import { useImportText } from './messages.ts'
import { toCsvFile } from './read-people.ts'
import type { Import } from './use-import.ts'

/** What came of it; the first passwords are here once, in a file, and nowhere else. */
export function ImportReport({ people }: { readonly people: Import }) {
  const text = useImportText()
  const common = useCommonText()
  const reasonsOf = useReasons(people)
  const [isSaved, setSaved] = useState(false)
  const { rows, created, accepted, isFaulty, progress } = people
  const failures = progress.refused.map(({ item, error }) => ({
    row: item,
    reason: failureText(error, common),
  }))
  const refused = [
    ...rows.filter(isFaulty).map(row => ({ row, reason: reasonsOf(row).join(' ') })),
    ...failures,
  ].toSorted((a, b) => a.row.line - b.row.line)
  const left = accepted.length - created.length - failures.length

  return (
    <Stack gap="md" maw={720}>
      <div role="status">
        <p className={classes.text}>{text('opened', { count: created.length })}</p>
        {refused.length > 0 && <p className={classes.bad}>{text('refused', { count: refused.length })}</p>}
        {left > 0 && <p className={classes.text}>{text('left', { count: left })}</p>}
      </div>
      {created.length > 0 && (
        <>
          <p className={classes.text}>{text('once')}</p>
          {!isSaved && <LeaveGuard title={text('leaveTitle')}>{text('leaveBody')}</LeaveGuard>}
          <Group>
            <Button
              leftSection={<Download size={16} aria-hidden />}
              onClick={() => {
                setSaved(true)
                download(
                  toCsvFile(
                    created.map(({ row, id, password }) => ({ id: String(id), email: row.email, password })),
                  ),
                  'accounts.csv',
                )
              }}
            >
              {text('savePasswords')}
            </Button>
          </Group>
        </>
      )}
      {refused.length > 0 && (
        <>
          <Group>
            <Button
              variant="default"
              leftSection={<Download size={16} aria-hidden />}
              onClick={() =>
                download(
                  toCsvFile(
                    refused.map(({ row, reason }) => ({ line: String(row.line), email: row.email, reason })),
                  ),
                  'refused.csv',
                )
              }
            >
              {text('saveRefused')}
            </Button>
          </Group>
          <ul className={classes.refused}>
            {refused.slice(0, 100).map(({ row, reason }) => (
              <li key={row.line}>
                {text('lineOf', { line: row.line })} {row.email}: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      <Group>
        {created.length > 0 && (
          <LinkButton
            to="/console/users"
            search={{ ordering: '-id' }}
            onClick={() =>
              highlightRows(
                'users',
                created.map(({ id }) => id),
              )
            }
          >
            {text('showCreated')}
          </LinkButton>
        )}
        <Button variant="default" disabled={created.length > 0 && !isSaved} onClick={people.again}>
          {text('another')}
        </Button>
      </Group>
    </Stack>
  )
}
