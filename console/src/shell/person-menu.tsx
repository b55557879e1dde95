import { Menu, UnstyledButton } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import { ChevronsUpDown, LayoutDashboard, LogOut, UserRound } from 'lucide-react'
import { signOut, useProfile } from '../session/index.ts'
import { LinkMenuItem } from '../ui/link-menu-item.tsx'
import { notifyProblem } from '../ui/notify.tsx'
import { Person } from '../ui/person.tsx'
import { useNavigationText } from './navigation.ts'
import classes from './person-menu.module.css'
import { PreferenceItems } from './preferences.tsx'

/** Who is signed in, and what concerns only them. */
export function PersonMenu() {
  const text = useNavigationText()
  const profile = useProfile()
  const isAccount = useRouterState({ select: state => state.location.pathname.startsWith('/account') })
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.person}>
          <Person person={profile} />
          <ChevronsUpDown size={14} aria-hidden className={classes.arrow} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {isAccount ? (
          profile.is_staff || profile.is_superuser ? (
            <LinkMenuItem to="/console" leftSection={<LayoutDashboard size={14} />}>
              {text('console')}
            </LinkMenuItem>
          ) : null
        ) : (
          <LinkMenuItem to="/account" leftSection={<UserRound size={14} />}>
            {text('account')}
          </LinkMenuItem>
        )}
        <PreferenceItems />
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={14} />} onClick={() => void signOut().catch(notifyProblem)}>
          {text('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
