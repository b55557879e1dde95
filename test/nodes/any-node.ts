import assert from 'node:assert/strict'
import { ask, check, demand, refresh } from './ask.ts'
import { signIn, untilAll } from './site.ts'

/**
 * One session on two nodes, each request on the other: begun here, refreshed there; a lost answer is repeated on the
 * other node with the same token, byte for byte; a replay on one ends the session on both. Throws where it is not so.
 */
export async function crossNodes(here: string, there: string, email: string): Promise<void> {
  const { access, refresh: first } = await signIn(here, email)
  assert.equal((await ask(there, check(access))).status, 200, 'a token is good on the other node at once')
  const second = (await demand(there, refresh(first), 200)).body.refresh
  assert.equal((await demand(here, refresh(first), 200)).body.refresh, second, 'a retry gives the same token')
  const third = (await demand(here, refresh(second), 200)).body
  await demand(here, check(third.access), 200)
  const replay = await ask(there, refresh(first))
  assert.deepEqual([replay.status, replay.body.code], [401, 'invalid_refresh_token'], 'a replay is refused')
  for (const url of [here, there]) {
    assert.equal((await ask(url, refresh(third.refresh))).status, 401, 'a replay ends the line of tokens')
  }
  await untilAll([there, here], check(third.access), 401)
}
