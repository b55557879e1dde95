import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ForwardRuleId } from '../kernel/index.ts'
import {
  answeringRule,
  type ForwardMethod,
  type ForwardRule,
  isRuleHost,
  isRulePath,
  readHost,
} from './forward-rule.ts'

const rule = (
  id: number,
  host: string,
  path: string,
  methods: ForwardMethod[] | null = null,
): ForwardRule => ({
  id: id as ForwardRuleId,
  host,
  path,
  methods,
  access: 'public',
  acr: null,
  maxAgeSeconds: null,
  createdAtMs: 0,
})

const rules = [
  rule(1, '*.example.org', '/*'),
  rule(2, '*.example.org', '/admin/*'),
  rule(3, 'app.example.org', '/*', ['GET']),
  rule(4, 'app.example.org', '/*', ['POST']),
  rule(5, 'app.example.org', '/admin/*', ['GET']),
  rule(6, 'app.example.org', '/admin'),
  rule(7, 'app.example.org', '/admin/logs/*', ['DELETE']),
  rule(8, '*.deep.example.org', '/only'),
]

describe('the rule that answers', () => {
  const cases: readonly (readonly [string, string, string, number | string])[] = [
    ['GET', 'x.example.org', '/', 1],
    ['GET', 'x.y.example.org', '/any', 1],
    ['GET', 'x.example.org', '/admin/a', 2],
    ['GET', 'example.org', '/', 'no_rule'],
    ['GET', 'notexample.org', '/', 'no_rule'],
    ['GET', 'app.example.org', '/', 3],
    ['HEAD', 'app.example.org', '/a', 3],
    ['POST', 'app.example.org', '/a', 4],
    ['PUT', 'app.example.org', '/a', 'method'],
    ['GET', 'app.example.org', '/admin/', 5],
    // The exact path comes first.
    ['GET', 'app.example.org', '/admin', 6],
    // A longer path that does not name the method is not passed by for a shorter one.
    ['POST', 'app.example.org', '/admin/a', 'method'],
    ['GET', 'app.example.org', '/admin/logs', 'method'],
    ['DELETE', 'app.example.org', '/admin/logs', 7],
    ['GET', 'app.example.org', '/administrator', 3],
    // A more specific host is not passed by either.
    ['GET', 'a.deep.example.org', '/other', 'no_rule'],
    ['GET', 'a.deep.example.org', '/only', 8],
    ['GET', 'app.example.org', '/Admin', 'case'],
    ['GET', 'app.example.org', '/ADMIN/x', 'case'],
    ['GET', 'app.example.org', '/admin/Logs/x', 'case'],
    ['GET', 'x.example.org', '/aDmin/x', 'case'],
    ['GET', 'app.example.org', '/admin/logs/X', 'method'],
    ['GET', 'app.example.org', '/ＡDMIN/x', 'case'],
  ]
  for (const [method, host, path, expected] of cases) {
    it(`to ${method} ${host}${path} is ${expected}`, () => {
      const answering = answeringRule(rules, { method, host, path })
      assert.equal(answering.found === 'rule' ? answering.rule.id : answering.found, expected)
    })
  }
})

describe('what a rule is made of', () => {
  it('is a host in lower case, or all names below one', () => {
    for (const host of ['a.b', 'localhost', '*.example.org', '10.0.0.1', 'xn--e1afmkfd.org'])
      assert.ok(isRuleHost(host))
    for (const host of ['*', '*.', 'A.b', 'a.b:80', 'a..b', '.a', 'a.', 'x.*.b', '[::1]', 'a/b', 'a_b', '']) {
      assert.equal(isRuleHost(host), false, host)
    }
  })

  it('is a plain path, or all below one', () => {
    for (const path of ['/', '/*', '/a', '/a/', '/a/*', '/право/*', '/.well-known/x'])
      assert.ok(isRulePath(path), path)
    for (const path of [
      '',
      '*',
      'a',
      '//',
      '/a//b',
      '/a/../b',
      '/..',
      '/a*',
      '/*/a',
      '/a?b',
      '/%61',
      '/a b',
      '/a;b',
      '/a\\b',
    ]) {
      assert.equal(isRulePath(path), false, path)
    }
  })

  it('compares hosts without port and case, and takes no other spelling of one', () => {
    assert.equal(readHost('App.Example.org:8443'), 'app.example.org')
    for (const host of [
      'app.example.org.',
      'app.example.org@evil',
      'a,b',
      'a b',
      '',
      ':80',
      '[::1]',
      'é.org',
    ]) {
      assert.equal(readHost(host), undefined, host)
    }
  })
})
