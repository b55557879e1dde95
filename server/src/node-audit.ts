import {
  type AnchorFile,
  type AnchorText,
  type AuditLink,
  AuditLinker,
  AuditSigner,
  type AuditVerifier,
  anchorFileAt,
  checkAnchors,
  createAuditCutter,
  createEventCounting,
  describeAnchorFault,
  mayBeUnlinkedMs,
  verifyCut,
} from './audit/index.ts'
import { databaseFile, settingOf } from './config/index.ts'
import type { Core } from './core.ts'
import type { EpochMs } from './kernel/index.ts'
import { deriveKey } from './keys/index.ts'
import { isAlive } from './nodes/index.ts'

/** The key pair of the audit's seals: derived, so that there is nothing to store and every node has the same. */
export const auditSignerOf = (masterKey: Uint8Array): AuditSigner =>
  new AuditSigner(deriveKey(masterKey, 'propusk audit seals'))

/** Where the newest seal is kept beside a SQLite database, which has one server. PostgreSQL has no such place. */
export const anchorPathOf = (databaseUrl: string): string | undefined => {
  const file = databaseFile(databaseUrl)
  return file === undefined ? undefined : `${file}.seal`
}

const anchorFileOf = ({ config }: Core): AnchorFile | undefined => {
  const path = anchorPathOf(config.databaseUrl)
  return path === undefined ? undefined : anchorFileAt(path)
}

/** What is known of the chain outside of it, for a process that does not seal. */
async function readAnchors(core: Core): Promise<readonly AnchorText[]> {
  const file = anchorFileOf(core)
  return [
    { place: 'database', text: await core.stores.chain.readAnchor() },
    ...(file === undefined ? [] : [{ place: 'file' as const, text: file.read() }]),
  ]
}

interface Reports {
  /** The newest seal of a round: a log that is kept elsewhere then holds what the chain must hold, too. */
  readonly linked: (link: AuditLink) => void
  /** Each minute while something is wrong. */
  readonly broken: (fault: string) => void
}

export type NodeAudit = Awaited<ReturnType<typeof openNodeAudit>>

/**
 * The sealer of a node, which knows the chain as it is found. Call it before the first key is made or adopted: keys that
 * have their sequence say that a server has anchored the chain before.
 */
export async function openNodeAudit(core: Core, masterKey: Uint8Array, reports: Reports) {
  const { stores, transaction, clock } = core
  const signer = auditSignerOf(masterKey)
  const linker = new AuditLinker({
    chain: stores.chain,
    transaction,
    signer,
    anchorFile: anchorFileOf(core),
    monotonicMs: () => clock.monotonicMs(),
  })
  const keys = await stores.keys.list()
  await linker.begin({
    isNew: keys.length === 0 && (await stores.chain.greatestEventId()) === 0,
    isAnchored: keys.some(key => key.sequence !== null),
  })
  /** What is wrong with it, in a sentence. */
  const fault = (): string | undefined => {
    const found = linker.fault()
    return found && describeAnchorFault(found)
  }
  const reportFault = () => {
    const found = fault()
    if (found !== undefined) reports.broken(found)
  }
  const { keepAuditSeconds: keepSeconds } = core.config
  const { name, show } = settingOf.keepAuditSeconds
  return {
    fault,
    /** Cuts off what is older than PROPUSK_KEEP_AUDIT, while nothing is wrong. */
    cutter: createAuditCutter({
      chain: stores.chain,
      transaction,
      signer,
      keepMs: keepSeconds && keepSeconds * 1000,
      rule: `${name}=${show(keepSeconds)}`,
      isWhole: () => linker.fault() === undefined,
    }),
    /** Looks whether the audit is as this node knows it, where another node seals. */
    async watch(): Promise<void> {
      await linker.watch()
      reportFault()
    },
    /** A round of the linker (`AuditLinker.round`). */
    async round(nowMs: EpochMs, goOn?: () => boolean): Promise<readonly AuditLink[]> {
      const made = await linker.round(nowMs, goOn)
      reportFault()
      const newest = made.at(-1)
      if (newest !== undefined) reports.linked(newest)
      return made
    },
  }
}

/**
 * What can be seen of the audit without reading it whole: whether the chain of seals still reaches as far as is known
 * outside of it, whether what is missing at its beginning was cut off by a rule, and whether its events are sealed in
 * time. One sentence, or undefined.
 */
export async function findAuditFault(core: Core, present?: AuditVerifier): Promise<string | undefined> {
  const { chain, keys } = core.stores
  const anchors = await readAnchors(core)
  // Before the first server of this release there is none.
  const isAnchored = (await keys.list()).some(key => key.sequence !== null)
  const expected = isAnchored ? anchors : anchors.filter(({ text }) => text !== undefined)
  const fault = await checkAnchors({ chain, present }, expected)
  if (fault !== undefined) return describeAnchorFault(fault)
  const verified = await verifyCut(chain, { present })
  const found = verified.fault ?? (await createEventCounting(chain)(verified.cut))
  return found === undefined ? await findUnlinked(core) : describeAnchorFault(found)
}

/** Where no server runs nothing seals, and that is no fault. */
async function findUnlinked({ stores, clock }: Core): Promise<string | undefined> {
  const nowMs = clock.nowMs()
  const newest = await stores.chain.newest()
  const first = await stores.chain.firstEventAfter(newest?.lastEventId ?? 0)
  if (first === undefined || nowMs - first.atMs < mayBeUnlinkedMs) return undefined
  const [node] = await stores.nodes.list(1)
  const isAtWork = node !== undefined && isAlive(node, nowMs) && nowMs - node.startedAtMs > mayBeUnlinkedMs
  if (!isAtWork) return undefined
  const minutes = Math.floor((nowMs - first.atMs) / 60_000)
  return describeAnchorFault({ kind: 'unsealed', firstEventId: first.id, minutes })
}
