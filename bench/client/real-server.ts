import { stoppedClock } from '../../test/support/stopped-clock.ts'
import { testWorld, type World } from '../../test/support/world.ts'
import type { SimulatedServer } from './simulate.ts'

/** A whole server in this process, whose clock moves only with virtual time. */
export async function realServer(): Promise<SimulatedServer & Pick<World, 'close'>> {
  const clock = stoppedClock()
  const world = await testWorld({ clock })
  return {
    close: () => world.close(),
    advance: ms => clock.advance(Math.round(ms)),
    signIn: () => world.register(),
    async deliver(url, init) {
      const { pathname, search } = new URL(url)
      const answer = await world.inject({
        method: init.method as 'GET',
        url: pathname + search,
        headers: Object.fromEntries(new Headers(init.headers)),
        ...(init.body != null && { payload: init.body as string }),
      })
      const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map(each => [name, String(each)] as [string, string]),
      )
      return new Response(answer.statusCode === 204 ? null : answer.payload, {
        status: answer.statusCode,
        headers,
      })
    },
  }
}
