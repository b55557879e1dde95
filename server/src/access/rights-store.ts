import type { UserId } from '../kernel/index.ts'
import type { Rights } from './rights.ts'

export interface RightsStore {
  /** Of an inactive user too: what they would have. Nothing at all when there is no such user. */
  of(userId: UserId): Promise<Rights>
}
