import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { VisuallyHidden } from '@mantine/core'
import type { Statistics } from '@propusk/client'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { localeFor, useFormat } from '../../i18n/index.ts'
import { Section } from '../../ui/index.ts'
import { sumOf } from './figures.tsx'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'

const hourSeconds = 3_600

/** Sign-ins, failures and refusals over time; the same as a table for whoever cannot see it. */
export function ActivityChart({ statistics }: { readonly statistics: Statistics }) {
  const text = useOverviewText()
  const format = useFormat()
  const label = useBucketLabel(statistics.step_seconds)
  const data = useMemo(
    () => statistics.buckets.map(bucket => ({ ...bucket, label: label(bucket.at) })),
    [statistics, label],
  )
  const notes = [
    ...(statistics.step_seconds === hourSeconds ? [] : [text('daysInUtc')]),
    ...(statistics.is_complete ? [] : [text('incomplete')]),
  ]
  const series = [
    { name: 'sign_ins', label: text('signIns'), color: 'var(--accent)' },
    { name: 'failed_sign_ins', label: text('failed'), color: 'var(--warn)' },
    { name: 'refusals', label: text('refusals'), color: 'var(--bad)' },
  ] as const
  const summary = text('chart', {
    signIns: format.number(sumOf(statistics, 'sign_ins')),
    failed: format.number(sumOf(statistics, 'failed_sign_ins')),
    refusals: format.number(sumOf(statistics, 'refusals')),
  })
  return (
    <Section title={text('overTime')} {...(notes.length > 0 && { lead: notes.join(' ') })}>
      <div role="img" aria-label={summary} className={classes.chart}>
        <BarChart
          h={220}
          data={data}
          dataKey="label"
          type="stacked"
          series={[...series]}
          withLegend
          legendProps={{ verticalAlign: 'top', height: 36 }}
          tickLine="none"
          gridAxis="x"
          maxBarWidth={28}
          valueFormatter={format.number}
          yAxisProps={{ allowDecimals: false, width: 36 }}
          barProps={{ isAnimationActive: false }}
        />
      </div>
      <VisuallyHidden>
        <table>
          <caption>{text('overTime')}</caption>
          <thead>
            <tr>
              <th>{text('time')}</th>
              {series.map(({ name, label }) => (
                <th key={name}>{label}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map(bucket => (
              <tr key={bucket.at}>
                <th scope="row">{format.dateTime(bucket.at)}</th>
                {series.map(({ name }) => (
                  <td key={name}>{format.number(bucket[name])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </Section>
  )
}

/** «14:00» for an hour, «25 Nov» for a day, which the server counts by UTC. */
function useBucketLabel(stepSeconds: number): (at: string) => string {
  const { language } = useTranslation().i18n
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(
      localeFor(language, navigator.languages),
      stepSeconds === hourSeconds
        ? { hour: '2-digit', minute: '2-digit' }
        : { day: 'numeric', month: 'short', timeZone: 'UTC' },
    )
    return at => format.format(new Date(at))
  }, [language, stepSeconds])
}
