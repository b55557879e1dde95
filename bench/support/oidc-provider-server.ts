import { fileURLToPath } from 'node:url'
import { type StartedServer, startServer } from './start-server.ts'

const peerFile = fileURLToPath(new URL('../peers/oidc-provider.js', import.meta.url))

export interface OidcProvider extends StartedServer {
  /** A refresh token of each account. */
  readonly tokens: readonly string[]
}

export async function startOidcProvider(directory: string, people: number): Promise<OidcProvider> {
  const server = await startServer(
    {
      name: 'oidc-provider',
      args: [peerFile],
      env: port => ({
        PORT: String(port),
        NODE_ENV: 'production',
        DATABASE_FILE: './provider.db',
        PEOPLE: String(people),
      }),
      readyPath: '/health/live',
    },
    directory,
  )
  const answer = await fetch(`http://127.0.0.1:${server.port}/tokens`)
  return { ...server, tokens: (await answer.json()) as string[] }
}
