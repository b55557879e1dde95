import { readFileSync } from 'node:fs'

export const serverVersion: string = JSON.parse(
  readFileSync(new URL('../../../server/package.json', import.meta.url), 'utf8'),
).version

export const signIn = (url: string, person: { email: string; password: string }): Promise<Response> =>
  fetch(`${url}/api/auth/login/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  })
