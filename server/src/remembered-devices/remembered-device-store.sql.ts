import type { Selectable } from 'kysely'
import type { ClientInfo, EpochMs, UserId } from '../kernel/index.ts'
import { type Handle, type RememberedDevicesTable, sweepExpired } from '../store/index.ts'
import {
  type Basis,
  type DeviceSecret,
  maxRememberedDevices,
  type RememberedDevice,
} from './remembered-device.ts'

interface NewDevice {
  readonly userId: UserId
  readonly secretHash: string
  readonly basis: Basis
  readonly expiresAtMs: EpochMs
  readonly origin: ClientInfo
}

interface DeviceUse extends DeviceSecret {
  readonly userId: UserId
  readonly basis: Basis
  /** What it is from now on: another hash of the same password may take the place of an outdated one. */
  readonly nextBasis: Basis
}

export type RememberedDeviceStore = ReturnType<typeof sqlRememberedDeviceStore>

export const sqlRememberedDeviceStore = (db: Handle) => {
  const usable = (userId: UserId, basis: Basis, nowMs: EpochMs) =>
    db
      .selectFrom('remembered_devices')
      .where('user_id', '=', userId)
      .where('basis', '=', basis)
      .where('expires_at', '>', nowMs)

  return {
    /** The oldest of an account that has too many makes room. */
    async add(device: NewDevice, nowMs: EpochMs): Promise<number> {
      const { id } = await db
        .insertInto('remembered_devices')
        .values({
          user_id: device.userId,
          secret_hash: device.secretHash,
          basis: device.basis,
          created_at: nowMs,
          expires_at: device.expiresAtMs,
          last_used_at: null,
          ip_address: device.origin.ipAddress,
          user_agent: device.origin.userAgent,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      const kept = db
        .selectFrom('remembered_devices')
        .select('id')
        .where('user_id', '=', device.userId)
        .orderBy('id', 'desc')
        .limit(maxRememberedDevices)
      await db
        .deleteFrom('remembered_devices')
        .where('user_id', '=', device.userId)
        .where('id', 'not in', kept)
        .execute()
      return id
    },

    /**
     * Notes a use: true where this device is remembered for the account as it is now. INVARIANT: one guarded statement, so a device that
     * has just been ended elsewhere proves nothing.
     */
    async use({ id, userId, secretHash, basis, nextBasis }: DeviceUse, nowMs: EpochMs): Promise<boolean> {
      const row = await db
        .updateTable('remembered_devices')
        .set({ last_used_at: nowMs, basis: nextBasis })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('secret_hash', '=', secretHash)
        .where('basis', '=', basis)
        .where('expires_at', '>', nowMs)
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Those that count now, the newest first. */
    async list(userId: UserId, basis: Basis, nowMs: EpochMs): Promise<readonly RememberedDevice[]> {
      const rows = await usable(userId, basis, nowMs).selectAll().orderBy('id', 'desc').execute()
      return rows.map(toDevice)
    },

    async delete(userId: UserId, id: number): Promise<boolean> {
      const row = await db
        .deleteFrom('remembered_devices')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Takes the device of this browser away, whose account may be another. */
    async deleteBySecret({ id, secretHash }: DeviceSecret): Promise<void> {
      await db
        .deleteFrom('remembered_devices')
        .where('id', '=', id)
        .where('secret_hash', '=', secretHash)
        .execute()
    },

    /** Takes all of an account away; gives their number. */
    async deleteOf(userId: UserId): Promise<number> {
      const result = await db
        .deleteFrom('remembered_devices')
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return Number(result.numDeletedRows)
    },

    /** Removes those that expired before this instant, a bounded number at a time; gives their number. */
    deleteExpired: (beforeMs: EpochMs): Promise<number> => sweepExpired(db, 'remembered_devices', beforeMs),
  }
}

const toDevice = (row: Selectable<RememberedDevicesTable>): RememberedDevice => ({
  id: row.id,
  userId: row.user_id as UserId,
  createdAtMs: row.created_at,
  expiresAtMs: row.expires_at,
  lastUsedAtMs: row.last_used_at,
  ipAddress: row.ip_address,
  userAgent: row.user_agent,
})
