import { AbilityBuilder, createMongoAbility } from '@casl/ability'
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin'
import { actions, allRoles, asked, heldRoles, resourceOf } from './gate-testbed.ts'

const user = 'user-1'

/** RBAC as casbin's own documents model it. */
const model = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act
`

/** casbin with every role of the installation: asks the question of the bench. */
export async function casbinEnforce(): Promise<() => boolean> {
  const policies = allRoles.flatMap(role =>
    actions.map(action => `p, ${role}, ${resourceOf(role)}, ${action}`),
  )
  const groups = heldRoles.map(role => `g, ${user}, ${role}`)
  const text = [...policies, ...groups].join('\n')
  const enforcer = await newEnforcer(newModelFromString(model), new StringAdapter(text))
  return () => enforcer.enforceSync(user, asked.resource, asked.action)
}

/** CASL with an ability that was made for this one user beforehand: asks the question of the bench. */
export function caslCan(): () => boolean {
  const { can, build } = new AbilityBuilder(createMongoAbility)
  for (const role of heldRoles) can([...actions], resourceOf(role))
  const ability = build()
  return () => ability.can(asked.action, asked.resource)
}
