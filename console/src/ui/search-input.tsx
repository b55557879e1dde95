import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useCommonText } from './messages.ts'

interface SearchInputProps {
  readonly value: string
  readonly label: string
  onSearch(value: string): void
}

/** Searches while one types, once the fingers rest for a moment. `/` leads into it from anywhere on the page. */
export function SearchInput({ value, label, onSearch }: SearchInputProps) {
  const text = useCommonText()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  const search = useDebouncedCallback(onSearch, 180)
  useHotkeys([['/', () => input.current?.focus()]])
  // The address may change by other ways than typing, such as the browser's own back.
  useEffect(() => setTyped(value), [value])

  const change = (next: string) => {
    setTyped(next)
    search(next.trim())
  }
  return (
    <TextInput
      ref={input}
      type="search"
      role="searchbox"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={event => change(event.currentTarget.value)}
      onKeyDown={event => event.key === 'Escape' && (typed === '' ? input.current?.blur() : change(''))}
      leftSection={<Search size={15} aria-hidden />}
      rightSection={
        typed === '' ? (
          <Kbd size="xs" visibleFrom="sm">
            /
          </Kbd>
        ) : (
          <CloseButton size="sm" aria-label={text('clear')} onClick={() => change('')} />
        )
      }
      miw="min(220px, 100%)"
    />
  )
}
