import type { EpochMs } from '../kernel/index.ts'
import type { EndReason } from '../sessions/index.ts'
import type { DeviceName } from './devices.ts'

/** One thing that a person did, or that was done to them, in the demo's past. */
export type Happening = { readonly atMs: EpochMs; readonly email: string } & Deed

export type Deed =
  | { readonly kind: 'login' | 'use'; readonly device: DeviceName }
  /** The session on this device ends; `by` another person. */
  | { readonly kind: 'end'; readonly device: DeviceName; readonly reason: EndReason; readonly by?: string }
  | { readonly kind: 'end_all'; readonly by: string }
  | { readonly kind: 'deactivate'; readonly by: string }
  /** Every session but the one on this device ends. */
  | { readonly kind: 'password_change'; readonly device: DeviceName }
  /** The last of the roles that the person has today came later than the others. */
  | { readonly kind: 'promote'; readonly by: string; readonly from: readonly string[] }
  | {
      readonly kind: 'denied'
      readonly device: DeviceName
      readonly method: string
      readonly path: string
      readonly permission: string
    }
