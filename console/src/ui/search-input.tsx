import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { Search } from 'lucide-react'
import { useRef } from 'react'
import { useCommonText } from './messages.ts'
import { useTyped } from './use-typed.ts'

interface SearchInputProps {
  readonly value: string
  readonly label: string
  onSearch(value: string): void
}

/** Searches while one types, once the fingers rest for a moment. `/` leads into it from anywhere on the page. */
export function SearchInput({ value, label, onSearch }: SearchInputProps) {
  const text = useCommonText()
  const input = useRef<HTMLInputElement>(null)
  const [typed, change] = useTyped(value, onSearch)
  useHotkeys([['/', () => input.current?.focus()]])
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
