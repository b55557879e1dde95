interface Account {
  readonly email: string
  readonly password: string
}

const superuser = { email: 'mr.englishcat@gmail.com', password: 'root' }

/**
 * Makes, in the demo, the resource `notes`, a role that reads and creates notes for user@example.com, and one that may do
 * everything with them for supervisor@example.com. Gives an API key for the example.
 */
export async function prepareNotes(url: string): Promise<string> {
  const { access } = await signIn(url, superuser)
  const ask = (method: string, path: string, body?: object) =>
    call(`${url}/api/auth${path}`, method, access, body)

  await ask('POST', '/resources/', { name: 'Notes', code_name: 'notes' })
  const roles = [
    { email: 'user@example.com', code_name: 'note_author', permissions: ['notes:read', 'notes:create'] },
    { email: 'supervisor@example.com', code_name: 'note_editor', permissions: ['notes:all'] },
  ]
  for (const { email, code_name, permissions } of roles) {
    await ask('POST', '/roles/', { name: code_name.replace('_', ' '), code_name, permissions })
    const { results } = await ask('GET', `/users/?search=${encodeURIComponent(email)}`)
    await ask('PUT', `/users/${results[0].id}/roles/${code_name}/`)
  }
  const { key } = await ask('POST', '/api_keys/', { name: 'Notes', permissions: ['changes:read'] })
  return key
}

/** Signs in; gives the answer of the server. */
export function signIn(url: string, account: Account): Promise<{ readonly access: string }> {
  return call(`${url}/api/auth/login/`, 'POST', undefined, account)
}

// biome-ignore lint/suspicious/noExplicitAny: answers of several calls.
async function call(url: string, method: string, token?: string, body?: object): Promise<any> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url} is answered with ${response.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}
