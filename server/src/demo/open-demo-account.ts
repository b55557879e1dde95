import type { Core } from '../core.ts'
import { demoAccounts } from './people.ts'

/** The address of an open account that still has its demo password, which is public; undefined when there is none. */
export async function openDemoAccount({
  stores,
  hasher,
}: Pick<Core, 'stores' | 'hasher'>): Promise<string | undefined> {
  for (const { email, password } of demoAccounts) {
    const found = await stores.users.findByEmail(email)
    if (found === undefined || !found.user.isActive) continue
    if ((await hasher.verify(password, found.passwordHash)).matches) return email
  }
  return undefined
}
