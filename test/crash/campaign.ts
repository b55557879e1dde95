import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../server/src/kernel/index.ts'
import { type Engine, openDatabase } from '../../server/src/store/index.ts'
import { call, login, password, register } from '../commands/support/api.ts'
import { perform, registration } from './acts.ts'
import { checkStore } from './check.ts'
import { Crowd } from './crowd.ts'
import { type Dice, dice } from './dice.ts'
import { count, type Figures, noFigures, type Victim } from './figures.ts'
import { roleNames, startLoad } from './load.ts'
import { type ProbeKind, probe } from './probes.ts'
import { launch, runCommand, type Served } from './serve.ts'
import { openTestbed, type Place, type Testbed } from './testbed.ts'

/** Of a hundred kills, how many hit whom. */
const victims: Readonly<Record<Engine, Partial<Record<Victim, number>>>> = {
  sqlite: { server: 85, 'server while it starts': 10, 'server at its very first start': 5 },
  postgres: {
    server: 50,
    'server while it starts': 10,
    'server at its very first start': 5,
    'PostgreSQL, the server lives on': 15,
    'PostgreSQL and the server': 10,
    'one connection of PostgreSQL': 10,
  },
}

/** The kill comes within this time of the first request, or of the start of the process. */
const loadMs = 600
const startMs = 500
const firstPeople = 8
/** How long a server whose database was away may take to be ready again. */
const recoveryMs = 60_000

export interface CampaignOptions {
  readonly engine: Engine
  readonly kills: number
  readonly seed: number
  /** After each kill. */
  readonly onKill?: (figures: Figures) => void
}

const admin = { email: 'root@example.org', password }

/**
 * Kills at random moments under load, starts again on the same files, and compares what is stored with what was
 * acknowledged. Throws at the first difference, with the seed and the number of the kill.
 */
export async function runCampaign(options: CampaignOptions): Promise<Figures> {
  const figures = noFigures()
  const testbed = await openTestbed(options.engine)
  try {
    await new Campaign(options, testbed, await testbed.place(), figures).run()
    return figures
  } catch (error) {
    throw new Error(`At kill ${figures.kills} with seed ${options.seed} on ${options.engine}`, {
      cause: error,
    })
  } finally {
    await testbed.close()
  }
}

class Campaign {
  readonly #options: CampaignOptions
  readonly #testbed: Testbed
  readonly #place: Place
  readonly #figures: Figures
  readonly #dice: Dice
  readonly #crowd: Crowd
  #server: Served | undefined

  constructor(options: CampaignOptions, testbed: Testbed, place: Place, figures: Figures) {
    this.#options = options
    this.#testbed = testbed
    this.#place = place
    this.#figures = figures
    this.#dice = dice(options.seed)
    this.#crowd = new Crowd(this.#dice)
  }

  async run(): Promise<void> {
    await runCommand(this.#place, ['user', 'create', admin.email, '--superuser'], `${admin.password}\n`)
    try {
      await this.#start()
      await this.#makeRoles()
      await this.#registerFirst()
      while (this.#figures.kills < this.#options.kills) {
        const victim = this.#dice.weighted(victims[this.#options.engine])
        this.#figures.kills += 1
        count(this.#figures.victims, victim)
        await this.#kill(victim)
        await this.#verify(this.#figures.kills === this.#options.kills)
        this.#options.onKill?.(this.#figures)
      }
      await this.#server?.kill()
      // The doctor must find nothing to repair. Throws with its words.
      await runCommand(this.#place, ['doctor'], '')
    } finally {
      await this.#server?.kill()
    }
  }

  async #kill(victim: Victim): Promise<void> {
    if (victim === 'server at its very first start') return this.#killFirstStart()
    if (victim === 'server while it starts') return this.#killStart()
    const { access } = await login(this.#url, admin.email, admin.password)
    const load = startLoad({
      url: this.#url,
      crowd: this.#crowd,
      dice: this.#dice,
      adminToken: access,
      onAcknowledged: kind => count(this.#figures.acknowledged, kind),
    })
    await sleep(this.#dice.below(loadMs))
    await this.#strike(victim)
    await load.stop()
    await this.#recover(victim)
  }

  async #strike(victim: Victim): Promise<void> {
    if (victim === 'one connection of PostgreSQL') return this.#testbed.killConnection!()
    if (victim !== 'server') await this.#testbed.crash!()
    if (victim !== 'PostgreSQL, the server lives on') await this.#server!.kill()
  }

  async #recover(victim: Victim): Promise<void> {
    if (victim.startsWith('PostgreSQL')) await this.#testbed.restart!()
    if (victim === 'server' || victim === 'PostgreSQL and the server') return this.#start()
    const deadline = performance.now() + recoveryMs
    while ((await call(this.#url, 'GET', '//health/ready')).status !== 200) {
      if (performance.now() > deadline)
        throw new Error(`The server is not ready ${recoveryMs} ms after ${victim}`)
      await sleep(20)
    }
  }

  async #killStart(): Promise<void> {
    await this.#server!.kill()
    const starting = launch(this.#place)
    await sleep(this.#dice.below(startMs))
    await starting.kill()
    await this.#start()
  }

  /** In a place of its own, so that migrations and the first signing key are interrupted too. */
  async #killFirstStart(): Promise<void> {
    const place = await this.#testbed.place()
    const starting = launch(place)
    await sleep(this.#dice.below(startMs))
    await starting.kill()
    const again = await launch(place).listening
    try {
      const { access } = await register(again.url, 'first@example.org')
      const { status } = await call(again.url, 'GET', '/me/', { token: access })
      if (status !== 200) throw new Error(`The first account is answered with ${status}`)
    } finally {
      await again.kill()
    }
  }

  async #verify(everybody: boolean): Promise<void> {
    const crowd = this.#crowd
    const shared = { crowd, dice: this.#dice }
    const database = await openDatabase(this.#place.databaseUrl)
    try {
      const nowMs = systemClock.nowMs()
      const { lostRefreshes, ...sums } = await checkStore({ ...shared, database, nowMs, everybody })
      this.#figures.accountsCompared += sums.accounts
      this.#figures.stored += sums.stored
      this.#figures.absent += sums.absent
      for (const person of crowd.people.filter(({ account }) => account === undefined)) crowd.forget(person)
      const onProbe = (kind: ProbeKind) => count(this.#figures.probes, kind)
      await probe({ ...shared, url: this.#url, lostRefreshes, onProbe })
      // What the probes did is stored as well.
      if (everybody) await checkStore({ ...shared, database, nowMs, everybody })
    } finally {
      await database.close()
    }
  }

  async #start(): Promise<void> {
    this.#server = await launch(this.#place).listening
    this.#figures.startMs.push(this.#server.startMs)
  }

  get #url(): string {
    return this.#server!.url
  }

  /** So that there is something to refresh and to end from the first kill on. */
  async #registerFirst(): Promise<void> {
    const first = Array.from({ length: firstPeople }, () => this.#crowd.newcomer())
    await Promise.all(first.map(person => perform(this.#url, person, registration(person))))
  }

  async #makeRoles(): Promise<void> {
    const { access: token } = await login(this.#url, admin.email, admin.password)
    for (const role of roleNames) {
      const body = { name: role, code_name: role }
      const answer = await call(this.#url, 'POST', '/roles/', { token, body })
      if (answer.status !== 201) throw new Error(`No role ${role}: ${JSON.stringify(answer.body)}`)
    }
  }
}
