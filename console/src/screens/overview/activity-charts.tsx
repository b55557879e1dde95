import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { VisuallyHidden } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { localeFor, useFormat } from '../../i18n/index.ts'
import { Section } from '../../ui/index.ts'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'
import { type Period, sumOf } from './period.ts'

const hourSeconds = 3_600

/**
 * Sign-ins, failures and refusals over time, each on a scale of its own: one refusal is seen beside a hundred sign-ins. The
 * same as a table for whoever cannot see it.
 */
export function ActivityCharts({ period }: { readonly period: Period }) {
  const text = useOverviewText()
  const format = useFormat()
  const { step_seconds, is_complete } = period.statistics
  const label = useBucketLabel(step_seconds)
  const data = useMemo(
    () => period.buckets.map(bucket => ({ ...bucket, label: label(bucket.at) })),
    [period, label],
  )
  const notes = [
    ...(step_seconds === hourSeconds ? [] : [text('daysInUtc')]),
    ...(is_complete ? [] : [text('incomplete')]),
  ]
  const series = [
    { name: 'sign_ins', label: text('signIns'), color: 'var(--accent)' },
    { name: 'failed_sign_ins', label: text('failed'), color: 'var(--warn)' },
    { name: 'refusals', label: text('refusals'), color: 'var(--bad)' },
  ] as const
  return (
    <Section title={text('overTime')} {...(notes.length > 0 && { lead: notes.join(' ') })}>
      <div className={classes.charts}>
        {series.map(({ name, label, color }, index) => (
          <figure key={name} className={classes.chart} data-first={index === 0 || undefined}>
            <figcaption>{label}</figcaption>
            <div role="img" aria-label={`${label}: ${format.number(sumOf(period.buckets, name))}`}>
              <BarChart
                h={index === 0 ? 216 : 80}
                data={data}
                dataKey="label"
                series={[{ name, label, color }]}
                tickLine="none"
                gridAxis="x"
                maxBarWidth={28}
                withXAxis={index === 0}
                valueFormatter={format.number}
                yAxisProps={{ allowDecimals: false, width: 32, tickCount: index === 0 ? 5 : 2 }}
                barProps={{ isAnimationActive: false, radius: 2 }}
              />
            </div>
          </figure>
        ))}
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
