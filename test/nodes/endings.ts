import { check, demand, type Question } from './ask.ts'
import { password, register, type SignedIn, signIn } from './site.ts'

/** Something that may be done until it is ended. */
export interface Ended {
  /** Passes with 200 until the ending, and is refused with this status after it. */
  readonly probe: Question
  readonly refusedBy: 401 | 403
  /** Sent to one node; every other one is to obey. */
  readonly ending: Question
  readonly endedBy: 200 | 204
}

export interface Victim {
  readonly email: string
  readonly id: number
  /** Changes with every change of the password. */
  secret: string
}

export interface Role {
  readonly id: number
  readonly codeName: string
}

/** Makes ready, at this node, what is to be ended: a person signed in, with what is going to be taken. */
export type Ending = (url: string, admin: SignedIn, victim: Victim, role: Role) => Promise<Ended>

const permission = 'roles:read'
const listRoles = (token: string): Question => ({ method: 'GET', path: '/roles/?limit=1', token })

export const endings = {
  'sign-out': async (url, _admin, victim) => {
    const { access } = await signInAs(url, victim)
    return {
      probe: check(access),
      refusedBy: 401,
      ending: { method: 'POST', path: '/logout/', token: access },
      endedBy: 204,
    }
  },
  'refresh token revoked': async (url, _admin, victim) => {
    const { access, refresh } = await signInAs(url, victim)
    return {
      probe: check(access),
      refusedBy: 401,
      ending: { method: 'POST', path: '/token/revoke/', body: { refresh } },
      endedBy: 204,
    }
  },
  'logged out by an administrator': async (url, admin, victim) => {
    const { access } = await signInAs(url, victim)
    return {
      probe: check(access),
      refusedBy: 401,
      ending: { method: 'POST', path: `/token/revoke_all/${victim.id}/`, token: admin.access },
      endedBy: 200,
    }
  },
  deactivation: async (url, admin, victim) => {
    await demand(url, edit(admin, victim, { is_active: true }), 200)
    const { access } = await signInAs(url, victim)
    return {
      probe: check(access),
      refusedBy: 401,
      ending: edit(admin, victim, { is_active: false }),
      endedBy: 200,
    }
  },
  'password change': async (url, _admin, victim) => {
    const kept = await signInAs(url, victim)
    const other = await signInAs(url, victim)
    const fresh = victim.secret === password ? `${password} again` : password
    const body = { current_password: victim.secret, password: fresh, password2: fresh }
    victim.secret = fresh
    return {
      probe: check(other.access),
      refusedBy: 401,
      ending: { method: 'POST', path: '/me/password/', token: kept.access, body },
      endedBy: 204,
    }
  },
  'role taken from a user': async (url, admin, victim, role) => {
    await demand(url, edit(admin, victim, { roles: [role.codeName] }), 200)
    const { access } = await signInAs(url, victim)
    return {
      probe: listRoles(access),
      refusedBy: 403,
      ending: edit(admin, victim, { roles: [] }),
      endedBy: 200,
    }
  },
  'permission taken from a role': async (url, admin, victim, role) => {
    const change = (permissions: string[]): Question => ({
      method: 'PATCH',
      path: `/roles/${role.id}/`,
      token: admin.access,
      body: { permissions },
    })
    await demand(url, change([permission]), 200)
    await demand(url, edit(admin, victim, { roles: [role.codeName] }), 200)
    const { access } = await signInAs(url, victim)
    return { probe: listRoles(access), refusedBy: 403, ending: change([]), endedBy: 200 }
  },
} satisfies Record<string, Ending>

export type EndingKind = keyof typeof endings
export const endingKinds = Object.keys(endings) as EndingKind[]

const signInAs = (url: string, { email, secret }: Victim) => signIn(url, email, secret)

const edit = (admin: SignedIn, { id }: Victim, body: object): Question => ({
  method: 'PATCH',
  path: `/users/${id}/`,
  token: admin.access,
  body,
})

export async function newVictim(url: string): Promise<Victim> {
  const { email, id } = await register(url)
  return { email, id, secret: password }
}

let roles = 0

/** A role with the permission that probes ask for. */
export async function newRole(url: string, admin: SignedIn): Promise<Role> {
  const name = `taken-${++roles}`
  const body = { name, code_name: name, permissions: [permission] }
  const reply = await demand(url, { method: 'POST', path: '/roles/', token: admin.access, body }, 201)
  return { id: reply.body.id, codeName: name }
}
