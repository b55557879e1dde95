import { createSession, storageTokens } from '/client/index.js'
import { issuer } from '/issuer.js'

const session = createSession({ baseUrl: issuer, store: storageTokens(localStorage) })
const byId = id => document.getElementById(id)
const show = text => {
  byId('message').textContent = text
}

/** Calls the API of this app. An access token that it refuses is exchanged once for a newer one. */
async function call(method, path, body) {
  const send = access =>
    fetch(path, {
      method,
      headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    })
  const access = await session.read()
  let answer = await send(access)
  if (answer.status === 401 && access !== undefined) {
    const next = await session.renew(access)
    if (next !== undefined) answer = await send(next)
  }
  if (answer.ok) return answer.json()
  const { detail = answer.statusText } = await answer.json().catch(() => ({}))
  throw new Error(detail)
}

/** What a button does; whatever goes wrong is said to the reader. */
const doing = act => async event => {
  event.preventDefault()
  show('')
  await act(event.target).catch(error => show(error.message))
}

function rowOf({ id, text, approved }) {
  const row = document.createElement('li')
  row.textContent = approved ? `${text} (approved) ` : `${text} `
  if (approved) return row
  const button = document.createElement('button')
  button.textContent = 'Approve'
  button.addEventListener(
    'click',
    doing(async () => {
      await call('POST', `/notes/${id}/approve`)
      await showNotes()
    }),
  )
  row.append(button)
  return row
}

async function showNotes() {
  byId('list').replaceChildren(...(await call('GET', '/notes')).map(rowOf))
}

/** Also when another tab signs in or out, and when the server has ended the session. */
async function showState(state) {
  const isSignedIn = state === 'signed-in'
  byId('sign-in').hidden = isSignedIn
  byId('notes').hidden = !isSignedIn
  byId('list').replaceChildren()
  if (!isSignedIn) return
  byId('who').textContent = (await session.client.call('readProfile')).email
  await showNotes()
}

byId('sign-in').addEventListener(
  'submit',
  doing(async form => {
    await session.signIn(Object.fromEntries(new FormData(form)))
    form.reset()
  }),
)
byId('sign-out').addEventListener(
  'click',
  doing(() => session.signOut()),
)
byId('add').addEventListener(
  'submit',
  doing(async form => {
    await call('POST', '/notes', Object.fromEntries(new FormData(form)))
    form.reset()
    await showNotes()
  }),
)

const report = error => show(error.message)
session.onChange(state => showState(state).catch(report))
// Taken up from the storage, without a word to the server unless the token is old. `onChange` shows what comes of it.
await session.start().catch(report)
