import { it } from 'node:test'
import { testWorld } from '../support/world.ts'
it('cpu', async () => {
  const world = await testWorld()
  const root = await world.superuser()
  const big = (n: number, f: (i: number) => string, sep = ',') => Array.from({ length: n }, (_, i) => f(i)).join(sep)
  const bodies: [string, string, string, string][] = [
    ['POST', '/login/', 'many keys', `{${big(6500, i => `"k${i}":1`)}}`],
    ['POST', '/login/', 'dup keys', `{${big(9000, () => `"a":1`)}}`],
    ['POST', '/login/', 'nested arrays', `{"email":${'['.repeat(30000)}${']'.repeat(30000)}}`],
    ['POST', '/login/', 'escapes', `{"email":"${'\\u0041'.repeat(10000)}"}`],
    ['POST', '/login/', 'surrogates', `{"email":[${big(7000, () => `"\\ud800"`)}]}`],
    ['POST', '/access/check/', 'many checks', `{"checks":[${big(21000, () => '{}')}]}`],
    ['POST', '/access/check/', 'wrong types', `{"checks":[${big(30000, () => '1')}]}`],
    ['POST', '/access/check/', 'extra', `{"checks":[${big(4000, i => `{"q${i}":1}`)}]}`],
    ['POST', '/roles/', 'perms unique', `{"name":"a","code_name":"b","permissions":[${big(9000, i => `"${i}"`)}]}`],
    ['POST', '/roles/', 'perms objs', `{"name":"a","code_name":"b","permissions":[${big(20000, () => `{}`)}]}`],
    ['POST', '/roles/', 'perms 1000', `{"name":"aq","code_name":"bq","permissions":[${big(1000, i => `"users:a${i}"`)}]}`],
    ['PATCH', '/users/1/', 'roles objs', `{"roles":[${big(16000, () => `[1]`)}]}`],
    ['PATCH', '/me/', 'names', `{"first_name":[${big(30000, () => `1`)}]}`],
    ['POST', '/register/', 'nfkc', JSON.stringify({ email: 'zz@example.com', password: '\ufdfa'.repeat(1024), password2: '\ufdfa'.repeat(1024), first_name: '\ufdfa'.repeat(150) })],
    ['POST', '/login/', 'email', JSON.stringify({ email: 'a.'.repeat(74) + '@' , password: 'x' })],
    ['POST', '/token/refresh/', 'dots', JSON.stringify({ refresh: '.'.repeat(8192) })],
    ['POST', '/token/refresh/', 'a', JSON.stringify({ refresh: 'eyJ'.repeat(2700) })],
  ]
  for (const [m, p, name, body] of bodies) {
    for (let k = 0; k < 2; k++) {
      const t = performance.now()
      const r = await world.call(m, p, { token: root.access, body })
      if (k) console.log(name.padEnd(16), body.length, r.status, (performance.now() - t).toFixed(1), r.text.length)
    }
  }
  for (const [name, url, headers] of [
    ['query many', `/users/?${big(7000, i => `a${i % 10}`, '&')}`, {}],
    ['ordering', `/users/?ordering=${'-'.repeat(50)}`, {}],
    ['accept-lang', `/me/`, { 'accept-language': big(100, () => 'ru;q=0', ',') }],
    ['accept-lang2', `/nothing/`, { 'accept-language': 'a'.repeat(400) + ' '.repeat(90) + '!' }],
    ['bearer', `/me/`, { authorization: 'Bearer ' + '.'.repeat(15000) }],
    ['bearer2', `/me/`, { authorization: 'Bearer ' + 'a'.repeat(15000) + '\t' }],
    ['proto', `/users/?__proto__=1&constructor=2`, {}],
    ['xff', `/me/`, { 'x-forwarded-for': big(3000, () => '1.1.1.1') }],
    ['head', `/me/`, {}],
  ] as const) {
    const t = performance.now()
    const r = await world.call(name === 'head' ? 'HEAD' : 'GET', url, { headers: { authorization: `Bearer ${root.access}`, ...headers } })
    console.log(name.padEnd(16), r.status, (performance.now() - t).toFixed(1), r.text.slice(0, 150))
  }
})
