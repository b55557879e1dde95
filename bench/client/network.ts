import type { BrowserModel, TabModel } from './browser.ts'
import type { VirtualTime } from './virtual-time.ts'

/** The shares of requests that meet with a fault, and how bad it is. */
export interface Faults {
  readonly lostRequest: number
  readonly lostAnswer: number
  readonly doubled: number
  readonly late: number
  readonly badGateway: number
}

export interface NetworkCounts {
  requests: number
  refreshes: number
  lostRequests: number
  lostAnswers: number
  doubled: number
  late: number
  badGateways: number
}

/** Sends one request to the server and gives its answer, read to the end. */
export type Deliver = (url: string, init: RequestInit) => Promise<Response>

export interface NetworkOptions {
  readonly time: VirtualTime
  readonly browser: BrowserModel
  readonly deliver: Deliver
  readonly faults: Faults
}

/** A network between the tabs and the server that loses, doubles and delays, and is away altogether while the machine sleeps. */
export class NetworkModel {
  readonly counts: NetworkCounts = {
    requests: 0,
    refreshes: 0,
    lostRequests: 0,
    lostAnswers: 0,
    doubled: 0,
    late: 0,
    badGateways: 0,
  }
  isOffline = false
  /** Until then the machine sleeps: no page runs. */
  asleepUntilMs = 0
  /** Connections from before a sleep are dead after it. */
  era = 0
  readonly #time: VirtualTime
  readonly #browser: BrowserModel
  readonly #deliver: Deliver
  readonly #faults: Faults

  constructor({ time, browser, deliver, faults }: NetworkOptions) {
    this.#time = time
    this.#browser = browser
    this.#deliver = deliver
    this.#faults = faults
  }

  readonly fetchOf =
    (tab: TabModel): typeof fetch =>
    (url, init = {}) =>
      new Promise((resolve, reject) => {
        const fail = () => this.#whenAwake(() => !tab.isClosed && reject(new TypeError('fetch failed')))
        const succeed = (answer: Response) => {
          // A tab that is closed, or waits no longer, is given nothing: neither its script nor the cookies.
          if (tab.isClosed || init.signal?.aborted) return
          this.#browser.keepCookies(answer)
          this.#whenAwake(() => !tab.isClosed && resolve(answer))
        }
        init.signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')))
        const headers = { ...Object.fromEntries(new Headers(init.headers)), ...this.#browser.ownHeaders() }
        this.#send(String(url), { ...init, headers }, succeed, fail)
      })

  #send(url: string, init: RequestInit, resolve: (answer: Response) => void, fail: () => void): unknown {
    const { counts } = this
    counts.requests += 1
    if (isRefresh(url)) counts.refreshes += 1
    if (this.isOffline) return this.#after(5, fail)
    const { lostRequest, doubled, badGateway } = this.#faults
    if (this.#meets(lostRequest, 'lostRequests')) return this.#lose(fail)
    if (this.#meets(badGateway, 'badGateways')) return this.#after(50, () => resolve(badGatewayAnswer()))
    this.#carry(url, init, resolve, fail)
    if (!this.#meets(doubled, 'doubled')) return

    this.#carry(
      url,
      init,
      () => {},
      () => {},
    )
  }

  #carry(url: string, init: RequestInit, resolve: (answer: Response) => void, fail: () => void): void {
    const { era } = this
    this.#after(this.#latencyMs(), async () => {
      const answer = await this.#deliver(url, init)
      if (this.#meets(this.#faults.lostAnswer, 'lostAnswers')) return this.#lose(fail)
      this.#after(this.#latencyMs(), () => (this.era === era ? resolve(answer) : fail()))
    })
  }

  /** A connection that breaks is noticed soon, late, or never. */
  #lose(fail: () => void): void {
    if (this.#time.chance(0.7)) this.#after(this.#time.random() * 20_000, fail)
  }

  #whenAwake(act: () => void): void {
    if (this.#time.nowMs < this.asleepUntilMs) this.#time.at(this.asleepUntilMs + 1, act)
    else act()
  }

  #latencyMs(): number {
    const isLate = this.#meets(this.#faults.late, 'late')
    return isLate ? 1_000 + this.#time.random() * 12_000 : 10 + this.#time.random() * 200
  }

  #meets(share: number, fault: keyof NetworkCounts): boolean {
    const isMet = this.#time.chance(share)
    if (isMet) this.counts[fault] += 1
    return isMet
  }

  #after(ms: number, act: () => unknown): void {
    this.#time.at(this.#time.nowMs + ms, act)
  }
}

export const isRefresh = (url: string): boolean => url.endsWith('/refresh/')

const badGatewayAnswer = () =>
  new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } })
