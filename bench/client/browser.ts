import type { SessionChannel, SessionPlatform } from '../../client/src/index.ts'
import type { VirtualTime } from './virtual-time.ts'

/**
 * One profile of a browser, as its tabs see it: a storage, locks that end with their tab, and messages that come late. All by
 * the virtual clock.
 */
export class BrowserModel {
  readonly #time: VirtualTime
  readonly #channels = new Set<ChannelModel>()
  readonly #waiting: { readonly tab: TabModel; readonly grant: () => void }[] = []
  #holder: TabModel | undefined
  readonly stored = new Map<string, string>()
  /** The httpOnly cookies: only requests and answers reach them. */
  readonly cookies = new Map<string, string>()

  constructor(time: VirtualTime) {
    this.#time = time
  }

  readonly storage = {
    getItem: (key: string) => this.stored.get(key) ?? null,
    setItem: (key: string, value: string) => void this.stored.set(key, value),
    removeItem: (key: string) => void this.stored.delete(key),
  }

  /** What the browser itself says in a request of a page to its own origin. */
  ownHeaders(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return { 'sec-fetch-site': 'same-origin', ...(cookie !== '' && { cookie }) }
  }

  /** RFC 6265 section 5.2, as far as our server goes: a name, a value, and `Max-Age=0` for none. */
  keepCookies(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name === undefined) continue
      if (value === '' || /;\s*max-age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value!)
    }
  }

  openChannel(tab: TabModel): SessionChannel {
    const channel: ChannelModel = {
      tab,
      onmessage: null,
      postMessage: data => {
        for (const other of this.#channels) {
          if (other === channel) continue
          // A message is a task of the other tab: it never comes at once, and a tab that is closed hears nothing.
          this.#time.at(this.#time.nowMs + 1 + this.#time.random() * 50, () => {
            if (!other.tab.isClosed) other.onmessage?.({ data })
          })
        }
      },
      close: () => void this.#channels.delete(channel),
    }
    this.#channels.add(channel)
    return channel
  }

  /** `navigator.locks.request`: in order of asking; a request may be aborted while it waits; a closed tab lets go. */
  async withLock<T>(tab: TabModel, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    const isGranted = await new Promise<boolean>(resolve => {
      const request = { tab, grant: () => resolve(true) }
      this.#waiting.push(request)
      signal.addEventListener('abort', () => {
        const at = this.#waiting.indexOf(request)
        if (at < 0) return
        this.#waiting.splice(at, 1)
        resolve(false)
      })
      this.#grantNext()
    })
    try {
      return await act()
    } finally {
      if (isGranted) this.release(tab)
    }
  }

  get holder(): TabModel | undefined {
    return this.#holder
  }

  release(tab: TabModel): void {
    for (const request of this.#waiting.filter(each => each.tab.isClosed)) {
      this.#waiting.splice(this.#waiting.indexOf(request), 1)
    }
    if (this.#holder !== tab) return
    this.#holder = undefined
    this.#grantNext()
  }

  #grantNext(): void {
    if (this.#holder !== undefined) return
    const next = this.#waiting.shift()
    if (next === undefined) return
    this.#holder = next.tab
    next.grant()
  }
}

interface ChannelModel extends SessionChannel {
  readonly tab: TabModel
}

/** A tab: its timers and what it waits for end with it, and stand still while the machine sleeps. */
export class TabModel {
  isClosed = false
  readonly #wake = new Set<() => void>()
  readonly #browser: BrowserModel
  readonly platform: SessionPlatform

  constructor(browser: BrowserModel, time: VirtualTime, fetchOf: (tab: TabModel) => typeof fetch) {
    this.#browser = browser
    this.platform = {
      fetch: fetchOf(this),
      monotonicMs: () => time.awakeMs,
      wallMs: () => time.nowMs + time.wallOffsetMs,
      after: (ms, act) => time.afterAwake(ms, () => !this.isClosed && act()),
      withLock: (_, signal, act) => browser.withLock(this, signal, act),
      openChannel: () => browser.openChannel(this),
      onWake: act => {
        this.#wake.add(act)
        return () => this.#wake.delete(act)
      },
      random: () => time.random(),
      sharedStorage: () => browser.storage,
    }
  }

  wake(): void {
    if (!this.isClosed) for (const act of this.#wake) act()
  }

  /** As when the browser ends the page: its code does not run on, and nothing is said to the server. */
  close(): void {
    this.isClosed = true
    this.#browser.release(this)
  }
}
