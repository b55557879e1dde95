import { Menu } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { PreferenceItems } from '../../shell/preferences.tsx'
import { PreferencesButton } from './preferences-button.tsx'

/** The choice of language and appearance, open from the start: its button was pressed before it was there. */
export function PreferencesMenu() {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  // The button that was pressed is replaced by this one, which takes its focus over and gets it back from the menu.
  useEffect(() => {
    button.current?.focus()
    setOpen(true)
  }, [])
  return (
    <Menu position="bottom-end" opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <PreferencesButton ref={button} />
      </Menu.Target>
      <Menu.Dropdown>
        <PreferenceItems />
      </Menu.Dropdown>
    </Menu>
  )
}
