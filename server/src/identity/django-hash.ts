import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { normalisePassword } from './password-form.ts'
import type { PasswordHash } from './password-hash.ts'

const derive = promisify(pbkdf2)

/**
 * What the database may make us spend on one check: about 0.6 s on one core. Django 1.4 began with 10,000
 * iterations, Django 6.0 takes 1,200,000 and each release adds a fifth. More is treated as no hash at all.
 */
const maxIterations = 3_000_000

const digestBytes = 32

/** How often a password is tried against one of Django's hashes. */
export const timesTried = (presented: string): number => (normalisePassword(presented) === presented ? 1 : 2)

/** Work for its own sake. The result is thrown away. */
export async function spendPbkdf2(presented: string, iterations: number): Promise<void> {
  await derive(presented, '', iterations, digestBytes, 'sha256')
}

/** `django.contrib.auth.hashers.PBKDF2PasswordHasher`: the salt is text, the digest padded base64. */
const djangoString = /^pbkdf2_sha256\$([1-9]\d{0,6})\$([^$]{1,64})\$([A-Za-z0-9+/]{43}=)$/

/**
 * Undefined for anything but Django's `pbkdf2_sha256` of sane cost; so also for `!…`, with which Django
 * marks a password that cannot be used. Such a hash is always outdated: the next sign-in replaces it.
 */
export function parseDjangoHash(stored: string): PasswordHash | undefined {
  const match = djangoString.exec(stored)
  if (match === null) return undefined
  const iterations = Number(match[1])
  const salt = match[2]!
  const expected = Buffer.from(match[3]!, 'base64')
  if (iterations > maxIterations) return undefined

  const gives = async (password: string): Promise<boolean> =>
    timingSafeEqual(await derive(password, salt, iterations, digestBytes, 'sha256'), expected)

  return {
    // Django hashes the password as sent, without normalising it. A user whose password there has a character that NFKC
    // changes can only sign in with the password as presented, so that is tried too.
    async matches(presented) {
      const normalised = normalisePassword(presented)
      const given = await gives(normalised)
      return normalised === presented ? given : (await gives(presented)) || given
    },
    workOf: presented => ({ argon2: undefined, pbkdf2: iterations * timesTried(presented) }),
    isOutdated: () => true,
  }
}
