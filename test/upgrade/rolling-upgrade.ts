import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { crossNodes } from '../nodes/any-node.ts'
import { check, demand, refresh } from '../nodes/ask.ts'
import { type EndingKind, endingKinds } from '../nodes/endings.ts'
import { startLoad } from '../nodes/load.ts'
import { runPropusk, type ServerNode } from '../nodes/node.ts'
import { newLane, type Obedience, observeEnding } from '../nodes/obedience.ts'
import { openSite, register, type Site, untilAll } from '../nodes/site.ts'
import type { UnpackedRelease } from './previous-release.ts'

export interface UpgradePlan {
  readonly databaseUrl: string
  readonly previous: UnpackedRelease
  /** Endings of each kind, in each direction. */
  readonly samples: number
  /** Of load before and after each step. */
  readonly stepMs: number
  readonly kinds?: readonly EndingKind[]
}

export interface UpgradeFigures {
  readonly version: string
  readonly answered: Readonly<Record<string, number>>
  readonly obediences: readonly Obedience[]
  readonly breaches: readonly string[]
}

/**
 * The previous release at work on a database; the present one starts beside it and migrates; both work on; the old one
 * is ended in order. Under load from beginning to end: whatever is answered otherwise than it should be is a breach.
 */
export async function rollOver(plan: UpgradePlan): Promise<UpgradeFigures> {
  const { previous, stepMs } = plan
  const site = await openSite(plan.databaseUrl)
  let load: Awaited<ReturnType<typeof startLoad>> | undefined
  try {
    const old = await site.add({ main: previous.main })
    const early = await register(old.url)
    let serving = [old.url]
    load = await startLoad(() => serving)
    await sleep(stepMs)

    const fresh = await site.add()
    await untilAll([fresh.url], check(early.access), 200)
    serving = [old.url, fresh.url]
    await sleep(stepMs)
    const obediences = await obeyEachOther(site, old, fresh, plan)
    await wanderBoth(old, fresh, early.email)
    await nameResources(site, old, fresh)
    await rotateKeys(site, old, fresh)
    await checkRestart(site, previous)
    const breaches = obediences.flatMap(({ breaches }) => [...breaches])

    // As a load balancer does it: the old one gets nothing new before it gets the signal to stop.
    serving = [fresh.url]
    await sleep(300)
    const code = await old.stop()
    if (code !== 0) breaches.push(`the old node ended with ${code}: ${old.said()}`)
    await sleep(stepMs)
    await demand(fresh.url, check(early.access), 200)
    await load.stop()
    return {
      version: previous.version,
      answered: load.counts,
      obediences,
      breaches: [...breaches, ...load.failures],
    }
  } finally {
    await load?.stop()
    await site.close()
  }
}

/** Release 0.1.0 refuses every database that is newer; later ones go on where the migrations only expanded. */
async function checkRestart(site: Site, { main, version }: UnpackedRelease): Promise<void> {
  if (version !== '0.1.0') {
    const again = await site.add({ main })
    assert.equal(await again.stop(), 0)
    return
  }
  const { code, said } = await runPropusk({ ...site, main }, ['serve'])
  assert.equal(code, 1)
  assert.match(said, /newer than this program/)
}

async function obeyEachOther(
  site: Site,
  old: ServerNode,
  fresh: ServerNode,
  { samples, kinds = endingKinds }: UpgradePlan,
): Promise<Obedience[]> {
  const admin = await site.administrator(fresh.url)
  const all: Obedience[] = []
  for (const kind of kinds) {
    const lane = await newLane(old.url, admin)
    for (let sample = 0; sample < samples; sample++) {
      all.push(...(await observeEnding([old.url, fresh.url], kind, admin, lane)))
      all.push(...(await observeEnding([fresh.url, old.url], kind, admin, lane)))
    }
  }
  return all
}

/** Sessions wander between the releases, and an account made on either is known to the other. */
async function wanderBoth(old: ServerNode, fresh: ServerNode, early: string): Promise<void> {
  await crossNodes(old.url, fresh.url, early)
  await crossNodes(fresh.url, old.url, early)
  for (const [here, there] of [
    [old.url, fresh.url],
    [fresh.url, old.url],
  ] as const) {
    const { email } = await register(here)
    await crossNodes(there, here, email)
  }
}

/**
 * What either release makes, renames and deletes of the catalogue holds on both. Release 0.1.0 writes nothing of it into
 * the ledger, and must pass over what this one writes.
 */
async function nameResources(site: Site, old: ServerNode, fresh: ServerNode): Promise<void> {
  const { access: token } = await site.administrator(fresh.url)
  for (const [here, there, codeName] of [
    [old.url, fresh.url, 'made-before'],
    [fresh.url, old.url, 'made-after'],
  ] as const) {
    const made = { name: codeName, code_name: codeName }
    const { body } = await demand(here, { method: 'POST', path: '/resources/', token, body: made }, 201)
    const path = `/resources/${body.id}/`
    await untilAllowed([here, there], token, codeName, true)
    const renamed = { name: `${codeName}-anew`, code_name: `${codeName}-anew` }
    await demand(here, { method: 'PATCH', path, token, body: renamed }, 200)
    await untilAllowed([here, there], token, codeName, false)
    await untilAllowed([here, there], token, renamed.code_name, true)
    await demand(there, { method: 'DELETE', path, token }, 204)
    await untilAllowed([here, there], token, renamed.code_name, false)
  }
}

async function untilAllowed(
  urls: readonly string[],
  token: string,
  resource: string,
  allowed: boolean,
): Promise<void> {
  const body = { checks: [{ resource, action: 'read' }] }
  const deadlineMs = performance.now() + 60_000
  for (const url of urls) {
    for (;;) {
      const reply = await demand(url, { method: 'POST', path: '/access/check/', token, body }, 200)
      if (reply.body.results[0].allowed === allowed) break
      assert.ok(performance.now() < deadlineMs, `${resource}:read at ${url} does not become ${allowed}`)
      await sleep(100)
    }
  }
}

/** A new key signs on both, and what the key before signed stays good on both. */
async function rotateKeys(site: Site, old: ServerNode, fresh: ServerNode): Promise<void> {
  const urls = [old.url, fresh.url]
  const before = await Promise.all(urls.map(url => register(url)))
  const formerKey = kidOf(before[0]!.access)
  const { code, said } = await runPropusk(site, ['keys', 'rotate', '--now'])
  assert.equal(code, 0, said)
  for (const [index, url] of urls.entries()) {
    const person = before[index]!
    const fresh = await untilSignedAnew(url, person.refresh, formerKey)
    for (const token of [person.access, fresh]) await untilAll(urls, check(token), 200)
  }
}

/** Refreshes until another key signs: the release before waits 3 s, until every node knows it. */
async function untilSignedAnew(url: string, token: string, formerKey: string): Promise<string> {
  const deadlineMs = performance.now() + 60_000
  for (let held = token; performance.now() < deadlineMs; await sleep(200)) {
    const { body } = await demand(url, refresh(held), 200)
    if (kidOf(body.access) !== formerKey) return body.access
    held = body.refresh
  }
  throw new Error(`${url} goes on signing with ${formerKey} after the rotation`)
}

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
