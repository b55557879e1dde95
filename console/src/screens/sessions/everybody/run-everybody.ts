import { api } from '../../../session/index.ts'

/**
 * Signs everybody out and goes on until no row is left; gives how many have been ended after each call. Rejects with the
 * ProblemError of the server.
 */
export async function* endEverybody(): AsyncGenerator<number> {
  let ended = 0
  let answer = await api.call('endAllSessions', { body: {} })
  for (;;) {
    ended += answer.ended
    yield ended
    if (!answer.remaining) return
    answer = await api.call('endAllSessions', { body: { id: answer.id } })
  }
}
