import {
  createRounds,
  describeAnchorFault,
  judgeAnchors,
  judgeCut,
  mayBeUnsealedMs,
  type SealVerifier,
} from '../audit/index.ts'
import { readAnchors } from '../audit-sealing.ts'
import type { Core } from '../core.ts'
import { isAlive } from '../nodes/index.ts'

/**
 * What can be seen of the audit without reading it whole: whether the chain of seals still reaches as far as is known
 * outside of it, whether what is missing at its beginning was cut off by a rule, and whether its events are sealed in
 * time. One sentence, or undefined.
 */
export async function findAuditFault(core: Core, present?: SealVerifier): Promise<string | undefined> {
  const { seals, keys } = core.stores
  const anchors = await readAnchors(core)
  // Before the first server of this release there is none.
  const isAnchored = (await keys.list()).some(key => key.sequence !== null)
  const expected = isAnchored ? anchors : anchors.filter(({ text }) => text !== undefined)
  const fault = await judgeAnchors({ seals, present }, expected)
  if (fault !== undefined) return describeAnchorFault(fault)
  const judged = await judgeCut(seals, { present })
  const found = judged.fault ?? (await createRounds(seals)(judged.cut))
  return found === undefined ? await findUnsealed(core) : describeAnchorFault(found)
}

/** Where no server runs nothing seals, and that is no fault. */
async function findUnsealed({ stores, clock }: Core): Promise<string | undefined> {
  const nowMs = clock.nowMs()
  const newest = await stores.seals.newest()
  const first = await stores.seals.firstEventAfter(newest?.lastEventId ?? 0)
  if (first === undefined || nowMs - first.atMs < mayBeUnsealedMs) return undefined
  const [node] = await stores.nodes.list(1)
  const isAtWork = node !== undefined && isAlive(node, nowMs) && nowMs - node.startedAtMs > mayBeUnsealedMs
  if (!isAtWork) return undefined
  const minutes = Math.floor((nowMs - first.atMs) / 60_000)
  return describeAnchorFault({ kind: 'unsealed', firstEventId: first.id, minutes })
}
