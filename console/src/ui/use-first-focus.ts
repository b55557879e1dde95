import { type RefObject, useEffect, useRef } from 'react'

/**
 * Leads the focus to an element when it appears: where a step of a dialog gives way to the next, what had the focus is
 * gone, and the dialog itself looks for a first one only when it opens.
 */
export function useFirstFocus<Found extends HTMLElement>(): RefObject<Found | null> {
  const found = useRef<Found>(null)
  useEffect(() => found.current?.focus(), [])
  return found
}
