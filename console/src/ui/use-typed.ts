import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'

const restMs = 180

/** What is being typed; the page follows it, trimmed, once the fingers rest. */
export function useTyped(
  value: string,
  onChange: (value: string) => void,
): readonly [string, (next: string) => void] {
  const [typed, setTyped] = useState(value)
  const change = useDebouncedCallback(onChange, restMs)
  // The value may change by other ways than typing, such as the browser's own back.
  useEffect(() => setTyped(value), [value])
  return [
    typed,
    next => {
      setTyped(next)
      change(next.trim())
    },
  ]
}
