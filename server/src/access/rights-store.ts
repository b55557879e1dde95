import type { Principal, UserId } from '../kernel/index.ts'
import type { Rights } from './rights.ts'

export interface RightsStore {
  /** Of an inactive user too: what they would have. Nothing at all when there is no such user. */
  of(userId: UserId): Promise<Rights>
  /** Of a caller: of the account, or of the API key, which is never a superuser and holds no more than its owner. */
  ofCaller(principal: Principal): Promise<Rights>
}
