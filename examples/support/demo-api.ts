interface Account {
  readonly email: string
  readonly password: string
}

const superuser: Account = { email: 'mr.englishcat@gmail.com', password: 'root' }

// biome-ignore lint/suspicious/noExplicitAny: answers of several calls.
type Ask = (method: string, path: string, body?: object) => Promise<any>

/** The API of the demo, as its superuser. */
export async function asSuperuser(url: string): Promise<Ask> {
  const { access } = await signIn(url, superuser)
  return (method, path, body) => call(`${url}/api/auth${path}`, method, access, body)
}

interface WantedRole {
  readonly email: string
  readonly code_name: string
  readonly permissions: readonly string[]
}

/** Makes the role and gives it to the account. */
export async function giveRole(ask: Ask, { email, code_name, permissions }: WantedRole): Promise<void> {
  await ask('POST', '/roles/', { name: code_name.replace('_', ' '), code_name, permissions })
  const { results } = await ask('GET', `/users/?search=${encodeURIComponent(email)}`)
  await ask('PUT', `/users/${results[0].id}/roles/${code_name}/`)
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
