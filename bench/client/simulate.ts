import { createSession, ProblemError, type SessionKeeper, storageTokens } from '../../client/src/index.ts'
import { BrowserModel, TabModel } from './browser.ts'
import { type Deliver, type Faults, isRefresh, type NetworkCounts, NetworkModel } from './network.ts'
import { VirtualTime } from './virtual-time.ts'

/** The server that the tabs talk to: the real one, by whose clock virtual time passes. */
export interface SimulatedServer {
  readonly deliver: Deliver
  /** Time passes. */
  advance(ms: number): void
  signIn(): Promise<{ readonly access: string; readonly refresh: string }>
}

export interface SimulationOptions {
  readonly seed: number
  /** Where the tabs have the refresh token: a storage that they share, or the browser's cookie. */
  readonly store: 'storage' | 'cookie'
  readonly tabs: number
  readonly hours: number
  readonly faults: Faults
}

export interface Simulated extends NetworkCounts {
  readonly seed: number
  calls: number
  /** Calls that a person would have seen fail, and could repeat. */
  failedCalls: number
  sleeps: number
  clockJumps: number
  closedTabs: number
  closedWithLock: number
  /** Consumed tokens that were accepted more than 10 s later: each a lost answer, and then a sleep or no network. */
  acceptedLate: number
  /** Days that ended early. */
  unexpectedLogouts: number
}

const stormyFaults: Faults = {
  lostRequest: 0.05,
  lostAnswer: 0.1,
  doubled: 0.05,
  late: 0.1,
  badGateway: 0.05,
}

export const defaultSimulation = { tabs: 10, hours: 8, faults: stormyFaults }

/** A working day of one person with several tabs. Nothing in it ends the session, so whatever signs out is a defect. */
export async function simulate(server: SimulatedServer, options: SimulationOptions): Promise<Simulated> {
  const day = new Day(server, options)
  return await day.run()
}

const minuteMs = 60_000

class Day {
  readonly #time: VirtualTime
  readonly #browser: BrowserModel
  readonly #network: NetworkModel
  readonly #options: SimulationOptions
  readonly #server: SimulatedServer
  readonly #tabs = new Map<TabModel, SessionKeeper>()
  readonly #result = { calls: 0, failedCalls: 0, sleeps: 0, clockJumps: 0, closedTabs: 0, closedWithLock: 0 }
  #isOver = false
  readonly #comebacks: Comebacks

  constructor(server: SimulatedServer, options: SimulationOptions) {
    this.#server = server
    this.#options = options
    this.#time = new VirtualTime(options.seed, ms => server.advance(ms))
    this.#browser = new BrowserModel(this.#time)
    this.#comebacks = new Comebacks(this.#time, server.deliver)
    const { deliver } = this.#comebacks
    const { faults } = options
    this.#network = new NetworkModel({ time: this.#time, browser: this.#browser, deliver, faults })
  }

  async run(): Promise<Simulated> {
    const pair = await this.#server.signIn()
    if (this.#options.store === 'cookie') this.#browser.cookies.set('__Host-propusk', pair.refresh)
    else storageTokens(this.#browser.storage).write(pair)
    for (let tab = 0; tab < this.#options.tabs; tab++) this.#openTab()
    this.#every(20 * minuteMs, () => this.#sleep())
    this.#every(30 * minuteMs, () => this.#jump())
    this.#every(4 * minuteMs, () => this.#replaceTab())
    this.#every(2 * minuteMs, () => this.#replaceHolder())
    const minutes = this.#options.hours * 60
    for (let minute = 1; minute <= minutes && !this.#isOver; minute++) await this.#time.run(minute * minuteMs)
    for (const session of this.#tabs.values()) session.close()
    const { seed } = this.#options
    const { acceptedLate } = this.#comebacks
    const unexpectedLogouts = Number(this.#isOver)
    return { seed, ...this.#network.counts, ...this.#result, acceptedLate, unexpectedLogouts }
  }

  #openTab(): void {
    const tab = new TabModel(this.#browser, this.#time, this.#network.fetchOf)
    const session = createSession({
      baseUrl: 'http://simulated.invalid',
      store: this.#options.store === 'cookie' ? 'cookie' : storageTokens(this.#browser.storage),
      platform: tab.platform,
    })
    this.#tabs.set(tab, session)
    session.onChange(state => {
      if (state === 'signed-out' && !tab.isClosed) this.#isOver = true
    })
    void session.start().catch(() => undefined)
    this.#every(
      3 * minuteMs,
      () => this.#call(session),
      () => !tab.isClosed,
    )
  }

  #call(session: SessionKeeper): void {
    this.#result.calls += 1
    void session.client.call('readProfile').catch((error: unknown) => {
      this.#result.failedCalls += 1
      const isSignedOut = error instanceof ProblemError && error.status === 401
      if (isSignedOut) this.#isOver = true
    })
  }

  /** Now and then, from a minute to two hours: whatever was under way has no connection after it. */
  #sleep(): void {
    this.#result.sleeps += 1
    const ms = minuteMs * (1 + this.#time.random() ** 3 * 120)
    this.#time.sleep(ms)
    this.#network.era += 1
    this.#network.isOffline = true
    this.#network.asleepUntilMs = this.#time.nowMs + ms
    this.#time.at(this.#time.nowMs + ms, () => {
      for (const tab of this.#tabs.keys()) tab.wake()
    })
    this.#time.at(this.#time.nowMs + ms + this.#time.random() * 10_000, () => {
      this.#network.isOffline = false
    })
  }

  #jump(): void {
    this.#result.clockJumps += 1
    this.#time.wallOffsetMs += (this.#time.random() - 0.5) * 4 * 60 * minuteMs
  }

  #replaceTab(): void {
    const tabs = [...this.#tabs.keys()]
    this.#close(tabs[Math.floor(this.#time.random() * tabs.length)]!)
  }

  #replaceHolder(): void {
    if (this.#browser.holder === undefined) return
    this.#result.closedWithLock += 1
    this.#close(this.#browser.holder)
  }

  #close(tab: TabModel): void {
    this.#result.closedTabs += 1
    tab.close()
    this.#tabs.get(tab)?.close()
    this.#tabs.delete(tab)
    this.#openTab()
  }

  /** Again and again, each time after a random wait of that mean. */
  #every(meanMs: number, act: () => void, isGoingOn = () => true): void {
    this.#time.at(this.#time.nowMs + meanMs * 2 * this.#time.random(), () => {
      if (!isGoingOn()) return
      if (this.#time.nowMs >= this.#network.asleepUntilMs) act()
      this.#every(meanMs, act, isGoingOn)
    })
  }
}

const reuseIntervalMs = 10_000

/** Counts the consumed tokens that the server accepts again after the reuse interval (ADR 41). */
class Comebacks {
  acceptedLate = 0
  readonly #time: VirtualTime
  readonly #deliver: Deliver
  readonly #consumedAtMs = new Map<string, number>()

  constructor(time: VirtualTime, deliver: Deliver) {
    this.#time = time
    this.#deliver = deliver
  }

  readonly deliver: Deliver = async (url, init) => {
    const answer = await this.#deliver(url, init)
    if (!isRefresh(url) || !answer.ok) return answer
    const token = presentedIn(init)
    const { nowMs } = this.#time
    const atMs = this.#consumedAtMs.get(token) ?? nowMs
    const isLate = nowMs - atMs > reuseIntervalMs
    if (isLate) this.acceptedLate += 1
    this.#consumedAtMs.set(token, isLate ? nowMs : atMs)
    return answer
  }
}

function presentedIn({ body, headers }: RequestInit): string {
  const { refresh } = JSON.parse(String(body)) as { refresh?: string }
  const [, cookie = ''] = /__Host-propusk=([^;]+)/.exec(new Headers(headers).get('cookie') ?? '') ?? []
  return refresh ?? cookie
}
