// A worker whose gate is held by a Durable Object: a connection of a plain worker ends with the request that made it.
import { connectGate } from '@propusk/gate'
import { guard } from '@propusk/gate/fetch'

const connect = ({ ISSUER: issuer, KEY: key }, onStale) =>
  connectGate({ issuer, key, onStale, staleAfterMs: 3_000, startWithinMs: 10_000 })

const hello = (_request, principal) => Response.json({ id: principal.id })

export class GateHolder {
  constructor(_state, env) {
    this.guarded = connect(env, 'refuse').then(gate => guard(gate, 'roles', hello))
  }

  async fetch(request) {
    return (await this.guarded)(request)
  }
}

/** In a plain worker, where it is stale soon after the request that connected it. */
const plain = {}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url)
    if (pathname === '/held') return env.HOLDER.get(env.HOLDER.idFromName('gate')).fetch(request)
    if (pathname !== '/refuse' && pathname !== '/ask') return new Response('up')
    plain[pathname] ??= await connect(env, pathname.slice(1))
    return guard(plain[pathname], 'roles', hello)(request)
  },
}
