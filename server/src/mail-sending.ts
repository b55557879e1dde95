import { type Brand, loadLogo } from './brand/index.ts'
import { type Config, ConfigError, settingOf } from './config/index.ts'
import type { Core } from './core.ts'
import type { Log } from './http/index.ts'
import type { ProofId } from './kernel/index.ts'
import type { KeyKeeping } from './key-keeping.ts'
import { LeaderLease } from './leases/index.ts'
import {
  loadTemplates,
  type MailProof,
  type MailSender,
  type MailTemplates,
  mailLeaseMs,
  startMailSender,
  TemplateFaults,
} from './mail/index.ts'
import { createProofSecrets, isLiveProof } from './proofs/index.ts'

interface MailParts {
  readonly log: Log
  readonly keys: Pick<KeyKeeping, 'masterKey'>
}

/** Sends the mails of the outbox from now on; undefined where mail is not configured. Throws a ConfigError for templates with faults. */
export function sendMails(core: Core, { log, keys }: MailParts): MailSender | undefined {
  const { config, clock, random, transaction, stores } = core
  const templates = readTemplates(config)
  if (core.mail === undefined) return undefined
  const sender = startMailSender({
    transaction,
    clock,
    outbox: stores.outbox,
    transport: core.mail,
    findProof: proofFinder(core, keys.masterKey),
    lease: new LeaderLease('mail', mailLeaseMs, { transaction, clock, random }),
    render: {
      templates,
      brand: { name: config.brandName, color: config.brandColor },
      defaultLocale: config.mailLocale,
      publicUrl: config.publicUrl,
    },
    note: ({ id, kind }, outcome) => {
      const level = outcome === 'failed' ? 'error' : outcome === 'postponed' ? 'warn' : 'info'
      log[level]({ mail: id, kind, outcome }, 'a mail was tried')
    },
    report: err => log.error({ err }, 'mails cannot be sent for the moment; it is tried again'),
  })
  core.onMail(() => sender.wake())
  return sender
}

/** The link and the code of a proof that still works, derived anew from its row. */
function proofFinder({ stores, clock, config }: Core, masterKey: Uint8Array) {
  const secrets = createProofSecrets(masterKey, config.publicUrl)
  return async (proofId: number): Promise<MailProof | undefined> => {
    const proof = await stores.proofs.findById(proofId as ProofId)
    if (proof === undefined || !isLiveProof(proof, clock.nowMs())) return undefined
    return { link: secrets.linkOf(proof), code: secrets.codeOf(proof), expiresAtMs: proof.expiresAtMs }
  }
}

/** The texts of mails. Throws a ConfigError that names every fault of every file. */
export function readTemplates({ mailTemplates }: Config): MailTemplates {
  try {
    return loadTemplates(mailTemplates)
  } catch (error) {
    if (!(error instanceof TemplateFaults)) throw error
    throw new ConfigError(error.faults.map(fault => `${settingOf.mailTemplates.name}: ${fault}`))
  }
}

/** Name, colour and logo for the pages. Throws a ConfigError for a logo that cannot be shown. */
export function readBrand({ brandName, brandColor, brandLogo }: Config): Brand {
  try {
    return { name: brandName, color: brandColor ?? null, logo: loadLogo(brandLogo) ?? null }
  } catch (error) {
    throw new ConfigError([`${settingOf.brandLogo.name} is wrong: ${(error as Error).message}`])
  }
}
