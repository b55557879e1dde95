import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { defineMessages } from '../i18n/index.ts'
import { useCommonText } from '../ui/messages.ts'
import { ProductName } from '../ui/page.tsx'
import classes from './account-shell.module.css'
import { BrandName, brandColors, useBrand } from './brand.tsx'
import { ConnectionBar } from './connection-bar.tsx'
import { Outlets } from './outlets.tsx'
import { PersonMenu } from './person-menu.tsx'

const useText = defineMessages('account-shell', {
  en: {
    account: 'My account',
    profile: 'Profile',
    email: 'Email',
    password: 'Password',
    factors: 'Second factor',
    devices: 'My devices',
    activity: 'Security activity',
    close: 'Close account',
  },
  ru: {
    account: 'Моя учётная запись',
    profile: 'Профиль',
    email: 'Эл. почта',
    password: 'Пароль',
    factors: 'Второй фактор',
    devices: 'Мои устройства',
    activity: 'События безопасности',
    close: 'Закрыть учётную запись',
  },
})

const pages = [
  { to: '/account', label: 'profile' },
  { to: '/account/email', label: 'email' },
  { to: '/account/password', label: 'password' },
  { to: '/account/factors', label: 'factors' },
  { to: '/account/devices', label: 'devices' },
  { to: '/account/activity', label: 'activity' },
  { to: '/account/close', label: 'close' },
] as const

/** The frame of one's own pages, the same for everybody. */
export const AccountShell = () => (
  <AccountFrame>
    <Outlet />
  </AccountFrame>
)

/** The same around what is no page of the account: a way on, and out, for whoever is signed in. */
export function AccountFrame({ children }: { readonly children: ReactNode }) {
  const text = useText()
  const common = useCommonText()
  const path = useRouterState({ select: state => state.location.pathname })
  const brand = useBrand()
  const { className = '', style } = brandColors(brand)
  const tabs = useRef<HTMLElement>(null)
  // On a narrow screen they are a line that scrolls: the one that is open is in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is open.
  useEffect(() => {
    const open = tabs.current?.querySelector('[aria-current]')
    open?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [path])
  return (
    <div className={`${classes.shell} ${className}`} style={style}>
      <a className="skip" href="#content">
        {common('mainContent')}
      </a>
      <ConnectionBar />
      <header className={classes.header}>
        <BrandName brand={brand} />
        <div className={classes.person}>
          <PersonMenu />
        </div>
      </header>
      <div className={classes.body}>
        <nav ref={tabs} aria-label={text('account')} className={classes.nav}>
          {pages.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              className={classes.link}
              activeOptions={{ exact: true }}
              activeProps={{ 'data-active': true, 'aria-current': 'page' }}
            >
              {text(label)}
            </Link>
          ))}
        </nav>
        <main id="content" className={classes.content} tabIndex={-1}>
          <ProductName value={brand?.name ?? 'Propusk'}>{children}</ProductName>
        </main>
      </div>
      <Outlets />
    </div>
  )
}
