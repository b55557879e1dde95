import { Burger, Drawer, Tooltip, UnstyledButton } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Lock, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLiveState } from '../live/index.ts'
import { useMay, useProfile } from '../session/index.ts'
import { LinkButton } from '../ui/link.tsx'
import { useCommonText } from '../ui/messages.ts'
import { useDocumentTitle } from '../ui/page.tsx'
import { EmptyState } from '../ui/states.tsx'
import { AccountFrame } from './account-shell.tsx'
import { ConnectionBar } from './connection-bar.tsx'
import classes from './console-shell.module.css'
import { Logo } from './logo.tsx'
import { navigation, useNavigationText } from './navigation.ts'
import { Outlets } from './outlets.tsx'
import { Palette, Shortcuts } from './palette.tsx'
import { PersonMenu } from './person-menu.tsx'
import { useGoKeys } from './use-go-keys.ts'

/** What `mod+K` is on this keyboard. */
const paletteKeys = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘K' : 'Ctrl K'

/** The frame of the console: where one can go at the left, who one is below it, the page in the rest. */
export function ConsoleShell() {
  const { is_staff, is_superuser } = useProfile()
  const text = useNavigationText()
  const common = useCommonText()
  const [isMenuOpen, menu] = useDisclosure()
  const [isPaletteWanted, setPaletteWanted] = useState(false)
  const path = useRouterState({ select: state => state.location.pathname })
  useGoKeys()
  useHotkeys([['mod+K', () => setPaletteWanted(true)]], [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a narrow screen closes when the page changes.
  useEffect(menu.close, [path])

  if (!is_staff && !is_superuser) {
    return (
      <AccountFrame>
        <NotStaff />
      </AccountFrame>
    )
  }
  return (
    <div className={classes.shell}>
      <a className="skip" href="#content">
        {common('mainContent')}
      </a>
      <header className={classes.bar}>
        <Burger size="sm" opened={isMenuOpen} onClick={menu.toggle} aria-label={text('menu')} />
        <Logo />
        <UnstyledButton
          className={classes.barSearch}
          onClick={() => setPaletteWanted(true)}
          aria-label={text('find')}
        >
          <Search size={18} aria-hidden />
        </UnstyledButton>
      </header>
      <aside className={classes.side}>
        <SideContent onFind={() => setPaletteWanted(true)} />
      </aside>
      <Drawer
        opened={isMenuOpen}
        onClose={menu.close}
        position="left"
        size={260}
        title={<Logo />}
        closeButtonProps={{ 'aria-label': common('close') }}
      >
        <SideContent hasBrand={false} onFind={() => setPaletteWanted(true)} />
      </Drawer>
      <div className={classes.page}>
        <ConnectionBar />
        <main id="content" className={classes.content} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Outlets />
      <Shortcuts />
      {isPaletteWanted && <Palette onClose={() => setPaletteWanted(false)} />}
    </div>
  )
}

function NotStaff() {
  const text = useNavigationText()
  useDocumentTitle(text('notStaff'))
  return (
    <EmptyState
      icon={<Lock />}
      isPage
      title={text('notStaff')}
      action={
        <LinkButton to="/account" variant="default">
          {text('account')}
        </LinkButton>
      }
    >
      {text('notStaffHint')}
    </EmptyState>
  )
}

interface SideContentProps {
  /** Whether the name of the product is not above it already. */
  readonly hasBrand?: boolean
  onFind(): void
}

function SideContent({ hasBrand = true, onFind }: SideContentProps) {
  const text = useNavigationText()
  const may = useMay()
  const live = useLiveState()
  const groups = navigation
    .map(group => ({ ...group, items: group.items.filter(({ permission }) => may(...permission)) }))
    .filter(({ items }) => items.length > 0)

  return (
    <div className={classes.sideContent}>
      {hasBrand && (
        <div className={classes.brand}>
          <Logo />
          <Tooltip label={live.status === 'on' ? text('live') : text('connecting')}>
            <span
              className={classes.live}
              data-on={live.status === 'on' || undefined}
              role="img"
              aria-label={live.status === 'on' ? text('live') : text('connecting')}
            />
          </Tooltip>
        </div>
      )}
      <UnstyledButton className={classes.find} onClick={onFind}>
        <Search size={15} aria-hidden />
        <span>{text('find')}</span>
        <kbd>{paletteKeys}</kbd>
      </UnstyledButton>
      <nav aria-label={text('main')} className={classes.nav}>
        {groups.map(group => (
          <div key={group.items[0]!.to}>
            {group.label !== undefined && <p className={classes.group}>{text(group.label)}</p>}
            {group.items.map(({ to, label, icon: Icon }) => (
              <Link
                key={to}
                to={to}
                className={classes.link}
                activeOptions={{ exact: to === '/console', includeSearch: false }}
                activeProps={{ 'data-active': true, 'aria-current': 'page' }}
              >
                <Icon size={16} aria-hidden />
                {text(label)}
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <PersonMenu />
    </div>
  )
}
