import { Modal } from '@mantine/core'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import classes from './command-palette.module.css'
import type { PaletteEntry } from './palette-entry.ts'
import { usePaletteText } from './palette-messages.ts'
import { usePaletteEntries } from './use-palette-entries.tsx'

/**
 * Everything by keyboard: pages, people, roles, resources, actions, and what can be done. Ctrl+K. The field keeps the
 * focus; the arrows move through what is found (WAI-ARIA: combobox with a list box).
 */
export default function CommandPalette({ onClose }: { onClose(): void }) {
  const text = usePaletteText()
  const id = useId()
  const [query, setQuery] = useState('')
  const [position, setPosition] = useState(0)
  const groups = usePaletteEntries(query)
  const all = groups.flatMap(group => group.entries)
  // Enter goes to what is on top, also when it came after the letter that asked for it.
  const chosen = all[Math.min(position, all.length - 1)]

  const act = (entry: PaletteEntry) => {
    onClose()
    entry.act()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && all.length > 0) {
      event.preventDefault()
      const next = (Math.min(position, all.length - 1) + step + all.length) % all.length
      setPosition(next)
      document.getElementById(`${id}-${all[next]!.id}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault()
      act(chosen)
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="14vh"
      size={560}
      padding={0}
      // Its own name, not that of the layer around it.
      attributes={{ content: { 'aria-label': text('placeholder') } }}
      overlayProps={{ backgroundOpacity: 0.3 }}
    >
      <div className={classes.field}>
        <Search size={18} aria-hidden />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen && `${id}-${chosen.id}`}
          aria-label={text('placeholder')}
          placeholder={text('placeholder')}
          value={query}
          onChange={event => {
            setQuery(event.currentTarget.value)
            setPosition(0)
          }}
          onKeyDown={onKeyDown}
          data-autofocus
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={text('placeholder')} className={classes.list}>
        {groups.map(({ label, entries }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, which has no element of its own.
          <div key={label} role="group" aria-label={label}>
            <p className={classes.group} aria-hidden>
              {label}
            </p>
            {entries.map(entry => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and takes the keys.
              // biome-ignore lint/a11y/useFocusableInteractive: as above.
              <div
                key={entry.id}
                id={`${id}-${entry.id}`}
                role="option"
                aria-selected={entry === chosen}
                className={classes.entry}
                onClick={() => act(entry)}
                onMouseMove={() => setPosition(all.indexOf(entry))}
              >
                {entry.icon}
                <span className={classes.label}>{entry.label}</span>
                {entry.hint !== undefined && <span className={classes.hint}>{entry.hint}</span>}
              </div>
            ))}
          </div>
        ))}
        {all.length === 0 && <p className={classes.nothing}>{text('nothing')}</p>}
      </div>
    </Modal>
  )
}
