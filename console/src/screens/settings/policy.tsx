import type { Setting } from '@propusk/client'
import type { ReactNode } from 'react'
import { useWholeList } from '../../access/index.ts'
import { useMay } from '../../session/index.ts'
import { CopyText, ErrorState, Fact, Facts, LinkAnchor, LoadingRows, Section } from '../../ui/index.ts'
import { usePolicyText } from './policy-messages.ts'
import { useTimeSpan } from './use-time-span.ts'

interface PolicyProps {
  readonly settings: readonly Setting[]
}

/** Who may sign in, with what and for how long, in plain words; each with the setting that changes it. */
export function Policy({ settings }: PolicyProps) {
  const text = usePolicyText()
  const may = useMay()
  return (
    <Section id="policy" title={text('title')} lead={text('lead')}>
      <Facts>
        <Choices settings={settings} />
        <Lengths settings={settings} />
        {may('roles', 'read') && (
          <Fact name={text('roles')}>
            <RolesWithFactor />
          </Fact>
        )}
      </Facts>
    </Section>
  )
}

const settingIn = (settings: readonly Setting[], name: string): string =>
  settings.find(setting => setting.name === name)?.value ?? ''

function Choices({ settings }: PolicyProps) {
  const text = usePolicyText()
  const staffFactor = settingIn(settings, 'PROPUSK_STAFF_FACTOR') as 'optional' | 'required'
  const registration = settingIn(settings, 'PROPUSK_REGISTRATION') as 'open' | 'verified' | 'closed'
  const loginCode = settingIn(settings, 'PROPUSK_LOGIN_CODE') as 'off' | 'on'
  return (
    <>
      <Rule name={text('factor')} variable="PROPUSK_STAFF_FACTOR">
        {text(`factor_${staffFactor}`)}
      </Rule>
      <Rule name={text('registration')} variable="PROPUSK_REGISTRATION">
        {text(`registration_${registration}`)}
      </Rule>
      <Rule name={text('code')} variable="PROPUSK_LOGIN_CODE">
        {text(`code_${loginCode}`)}
      </Rule>
      <Rule name={text('password')} variable="PROPUSK_PASSWORD_MIN_LENGTH">
        {text('passwordLeast', { count: Number(settingIn(settings, 'PROPUSK_PASSWORD_MIN_LENGTH')) })}
      </Rule>
    </>
  )
}

const lengths = [
  { what: 'device', variable: 'PROPUSK_REMEMBER_DEVICE', unit: 'd' },
  { what: 'session', variable: 'PROPUSK_SESSION_TTL', unit: '' },
  { what: 'idle', variable: 'PROPUSK_SESSION_IDLE', unit: '' },
  { what: 'access', variable: 'PROPUSK_ACCESS_TTL', unit: '' },
] as const

function Lengths({ settings }: PolicyProps) {
  const text = usePolicyText()
  const spanOf = useTimeSpan()
  return lengths.map(({ what, variable, unit }) => {
    const time = spanOf(`${settingIn(settings, variable)}${unit}`)
    const isOff = time === undefined && (what === 'device' || what === 'idle')
    return (
      <Rule key={what} name={text(what)} variable={variable}>
        {isOff ? text(`${what}Off`) : text(`${what}For`, { time: time ?? '' })}
      </Rule>
    )
  })
}

interface RuleProps {
  readonly name: string
  readonly variable: string
  readonly children: ReactNode
}

function Rule({ name, variable, children }: RuleProps) {
  return (
    <Fact name={name}>
      {children} <CopyText value={variable} />
    </Fact>
  )
}

/** The roles whose permissions hold only in a session that showed a second factor. */
function RolesWithFactor() {
  const text = usePolicyText()
  const { data, error, isPending, refetch } = useWholeList('roles', 'listRoles')
  if (isPending) return <LoadingRows count={1} />
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />
  const asking = data.filter(({ requires_aal }) => requires_aal === 'aal2')
  if (asking.length === 0) return text('noRoles')
  return asking.map(({ id, name }, index) => (
    <span key={id}>
      {index > 0 && ', '}
      <LinkAnchor to="/console/roles/$id" params={{ id: String(id) }} inherit underline="always">
        {name}
      </LinkAnchor>
    </span>
  ))
}
