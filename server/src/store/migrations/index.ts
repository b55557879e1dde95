import { initial } from './0001_initial.ts'
import { throttle } from './0002_throttle.ts'
import { leases } from './0003_leases.ts'
import { auditSeals } from './0004_audit_seals.ts'
import { auditIndexes } from './0005_audit_indexes.ts'
import { listIndexes } from './0006_list_indexes.ts'
import { server } from './0007_server.ts'
import { massLogouts } from './0009_mass_logouts.ts'
import { ledgerPosition } from './0010_ledger_position.ts'
import { keyStatesAndAnchor } from './0011_key_states_and_anchor.ts'
import { setupLinks } from './0012_setup_links.ts'
import { foreignPasswords } from './0013_foreign_passwords.ts'
import { nameKeys } from './0014_name_keys.ts'
import { sessionOrder } from './0015_session_order.ts'
import { auditCuts } from './0016_audit_cuts.ts'
import { apiKeys } from './0017_api_keys.ts'
import { changesResource } from './0018_changes_resource.ts'
import { forwardRules } from './0019_forward_rules.ts'
import { refreshRetry } from './0020_refresh_retry.ts'
import { mailOutbox } from './0021_mail_outbox.ts'
import { proofs } from './0022_proofs.ts'
import { factors } from './0023_factors.ts'
import { idleSessions } from './0024_idle_sessions.ts'
import { invitations } from './0025_invitations.ts'
import { requiredLevels } from './0026_required_levels.ts'
import { rememberedDevices } from './0027_remembered_devices.ts'
import { userNotes } from './0028_user_notes.ts'
import { auditFilterIndexes } from './0029_audit_filters.ts'
import { sessionOwnerIndex } from './0032_session_owner_index.ts'
import type { Migration } from './migration.ts'

/** In the order of their names. Listed by hand: no directory is scanned at start. */
export const migrations: readonly Migration[] = [
  initial,
  throttle,
  leases,
  auditSeals,
  auditIndexes,
  listIndexes,
  server,
  massLogouts,
  ledgerPosition,
  keyStatesAndAnchor,
  setupLinks,
  foreignPasswords,
  nameKeys,
  sessionOrder,
  auditCuts,
  apiKeys,
  changesResource,
  forwardRules,
  refreshRetry,
  mailOutbox,
  proofs,
  factors,
  idleSessions,
  invitations,
  requiredLevels,
  rememberedDevices,
  userNotes,
  auditFilterIndexes,
  sessionOwnerIndex,
]
