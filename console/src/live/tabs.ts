import type { ServerEvent } from '@propusk/client'
import { basePath } from '../session/index.ts'
import type { LiveState } from './live.ts'

/** What the tab that follows the stream passes on to the others. */
export type TabMessage =
  | { readonly kind: 'state'; readonly state: LiveState }
  | { readonly kind: 'event'; readonly event: ServerEvent }

type Wire = (
  | (TabMessage & { readonly isAnswer?: boolean })
  | { readonly kind: 'ask' }
  | { readonly kind: 'retry' }
) & { readonly userId: number }

interface Tab {
  receive(message: TabMessage): void
  /** Follows until `signal`, on behalf of all tabs. */
  lead(signal: AbortSignal, send: (message: TabMessage) => void): Promise<void>
  /** Somebody does not want to wait for the next attempt. */
  retry(): void
}

interface Shared {
  /** Asks whichever tab leads. */
  retry(): void
  /** Takes no part any more. */
  stop(): void
}

type Unaddressed<Message> = Message extends unknown ? Omit<Message, 'userId'> : never

const name = `propusk.live${basePath}`

/**
 * One of the tabs of this browser leads: whichever holds the lock. The others receive what it sends, and one of them takes
 * its place when it is closed, hidden or signed out.
 *
 * Locks exist only in a secure context (Web Locks API): over plain HTTP each tab that is seen leads for itself.
 */
export function shareAmongTabs(userId: number, tab: Tab): Shared {
  const channel = new BroadcastChannel(name)
  const done = new AbortController()
  const { signal } = done
  const isShared = 'locks' in navigator
  const post = (message: Unaddressed<Wire>) => isShared && channel.postMessage({ ...message, userId })
  let latest: TabMessage | undefined
  let knowsState = false
  const send = (message: TabMessage) => {
    if (signal.aborted) return
    if (message.kind === 'state') latest = message
    post(message)
    tab.receive(message)
  }
  const receive = (message: Wire) => {
    if (message.kind === 'ask') {
      if (latest !== undefined) post({ ...latest, isAnswer: true })
    } else if (message.kind === 'retry') tab.retry()
    // An answer is for the tab that asked. The same state from a stream that has just begun is news to all.
    else if (message.kind === 'event' || message.isAnswer !== true || !knowsState) {
      knowsState ||= message.kind === 'state'
      tab.receive(message)
    }
  }
  // For a moment two tabs may not agree on who is signed in.
  channel.onmessage = ({ data }: MessageEvent<Wire>) => data.userId === userId && receive(data)

  const lead = () => tab.lead(signal, send)
  if (isShared) {
    post({ kind: 'ask' })
    navigator.locks.request(name, { signal }, lead).catch(() => undefined)
  } else void lead()
  return {
    retry: () => post({ kind: 'retry' }),
    stop() {
      done.abort()
      channel.close()
    },
  }
}
