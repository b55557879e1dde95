/** Where the server is, as its clients call it: an address without a trailing slash. */
export interface Place {
  readonly url: string
}

export interface Snippet {
  readonly id: 'curl' | 'node' | 'python'
  readonly fileName: string
  code(place: Place): string
}

const curl = ({ url }: Place) => `# Sign in
TOKEN=$(curl -s '${url}/api/auth/login/' -H 'Content-Type: application/json' \\
  -d '{"email":"you@example.com","password":"…"}' | sed 's/.*"access":"\\([^"]*\\)".*/\\1/')

# May the caller read notes?
curl -s '${url}/api/auth/access/check/' -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' -d '{"checks":[{"resource":"notes","action":"read"}]}'
`

const node = ({ url }: Place) => `// npm install @propusk/gate fastify
// PROPUSK_KEY: an API key with the permission changes:read
import { connectGate } from '@propusk/gate'
import { propusk } from '@propusk/gate/fastify'
import Fastify from 'fastify'

const gate = await connectGate({ issuer: '${url}', key: process.env.PROPUSK_KEY })
const app = Fastify()
await app.register(propusk, { gate })
app.get('/notes', { config: { resource: 'notes' } }, () => ['Buy milk']) // notes:read
app.post('/notes', { config: { resource: 'notes' } }, () => ['Buy milk', 'Call Ann']) // notes:create
await app.listen({ port: 3000 })
`

const python = ({ url }: Place) => `import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def may(authorization: str, resource: str, action: str) -> int:
    """200, 401 or 403 for the caller's own Authorization header; 503 where it is not known: refuse."""
    request = Request(
        "${url}/api/auth/access/check/",
        data=json.dumps({"checks": [{"resource": resource, "action": action}]}).encode(),
        headers={"Authorization": authorization, "Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=5) as answer:
            return 200 if json.load(answer)["results"][0]["allowed"] else 403
    except HTTPError as error:
        return 401 if error.code == 401 else 503
    except OSError:
        return 503


print(may("Bearer …", "notes", "read"))
`

/** A service of one's own that asks this server. A test runs what asks over HTTP; the other is that of docs/protect-your-api.md. */
export const snippets: readonly Snippet[] = [
  { id: 'node', fileName: 'server.js', code: node },
  { id: 'python', fileName: 'may.py', code: python },
  { id: 'curl', fileName: 'Shell', code: curl },
]
