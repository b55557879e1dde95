// A service that follows a real server and protects a route: lets a reader in, and refuses once the server has deactivated
// them. Nothing is closed at its end: a gate keeps no process alive.
import { connectGate } from '@propusk/gate'
import { guard } from '@propusk/gate/fetch'

const { ISSUER: issuer, KEY: key, READER: reader, CHIEF: chief, READER_ID: readerId } = globalThis.process.env

function assertSame(got, expected, what) {
  if (got !== expected) throw new Error(`${what} is ${got} instead of ${expected}`)
}

const gate = await connectGate({ issuer, key })
assertSame(gate.state, 'live', 'the state')
const notes = guard(gate, 'roles', (_request, principal) => Response.json({ id: principal.id }))
const ask = async () => {
  const headers = { authorization: `Bearer ${reader}` }
  const answer = await notes(new Request('http://notes.example/notes', { headers }))
  return { status: answer.status, body: await answer.text() }
}
const statusOf = async token => (await gate.check(token, 'roles', 'read')).status

assertSame(await statusOf(reader), 200, 'the verdict')
assertSame((await ask()).body, JSON.stringify({ id: readerId }), 'the answer')
assertSame(await statusOf(`${reader.slice(0, -4)}AAAA`), 401, 'the verdict on an altered token')
const change = await fetch(`${issuer}/api/auth/users/${readerId}/`, {
  method: 'PATCH',
  headers: { authorization: `Bearer ${chief}`, 'content-type': 'application/json' },
  body: JSON.stringify({ is_active: false }),
})
assertSame(change.status, 200, 'the answer to the deactivation')
await change.text()
const untilMs = performance.now() + 60_000
while ((await statusOf(reader)) === 200 && performance.now() < untilMs)
  await new Promise(go => setTimeout(go, 20))
assertSame(await statusOf(reader), 401, 'the verdict on who was deactivated')
assertSame((await ask()).status, 401, 'the answer to who was deactivated')
console.log('done')
