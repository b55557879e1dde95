import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { navigation, ownPages } from './navigation.ts'
import { showShortcuts } from './shortcuts-shown.ts'

/** How long after «g» the second key counts. */
const secondKeyMs = 1_200

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** «g u» goes to the users, «g d» to one’s own devices: two keys in a row, anywhere but in a field; «?» shows them all. */
export function useGoKeys(): void {
  const navigate = useNavigate()
  useEffect(() => {
    let startedMs = Number.NEGATIVE_INFINITY
    const items = [...navigation.flatMap(group => group.items), ...ownPages]
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '?') showShortcuts()
      const item = items.find(({ key }) => key === event.key)
      if (event.timeStamp - startedMs < secondKeyMs && item !== undefined) void navigate({ to: item.to })
      startedMs = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [navigate])
}
