import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { testWorld } from '../../../test/support/world.ts'

const people = {
  alyona: { email: 'a.p@example.com', first_name: 'Алёна', middle_name: 'Jose\u0301', last_name: 'Петрова' },
  yulia: { email: 'boss@example.com', first_name: 'Yulia', last_name: 'Shcherbakova' },
  zhenya: { email: 'zh@example.com', first_name: 'Же', last_name: 'Ли' },
}

type Person = keyof typeof people

for (const engine of engines) {
  describe(`a person on ${engine}`, async () => {
    const { call, superuser } = await testWorld({ engine })
    const { access: token } = await superuser()
    const ids = new Map<number, Person>()
    for (const [person, names] of Object.entries(people)) {
      const body = { ...names, password: 'seven quiet lamps at noon' }
      const made = await call('POST', '/users/', { token, body })
      ids.set(made.body.id, person as Person)
    }
    const find = async (search: string) => {
      const path = `/users/?ordering=id&search=${encodeURIComponent(search)}`
      const { body } = await call('GET', path, { token })
      return body.results.map(({ id }: { id: number }) => ids.get(id)).filter(Boolean)
    }

    const searches: readonly (readonly [search: string, ...found: Person[]])[] = [
      ['Алёна Петрова', 'alyona'],
      ['Петрова Алёна', 'alyona'],
      ['петрова  АЛЁНА josé', 'alyona'],
      ['Але\u0308на', 'alyona'],
      ['Jos\u00e9', 'alyona'],
      ['jose\u0301 a.p@', 'alyona'],
      ['п а j', 'alyona', 'zhenya'],
      ['Алёна Иванова'],
      ['Петрова zzz'],
      // Without its dots, in the other alphabet, in the other layout.
      ['Алена', 'alyona'],
      ['Petrova', 'alyona'],
      ['Alyona Petrova JOS\u00c9', 'alyona'],
      ['alena a.p@', 'alyona'],
      ['fktyf', 'alyona'],
      ['Gtnhjdf fktyf', 'alyona'],
      ['Юлия', 'yulia'],
      ['Щербакова юлия boss', 'yulia'],
      ['щ', 'yulia'],
      ['нгдшф', 'yulia'],
      ['ищыы', 'yulia'],
      ['.kbz', 'yulia'],
      ['Zhe', 'zhenya'],
      ['zhe li', 'zhenya'],
      ['li', 'yulia', 'zhenya'],
      ['Petrova zzz'],
      ['Юлия Петрова'],
      ["o'); --"],
      ['\\\' " % _'],
    ]
    for (const [search, ...found] of searches) {
      it(`is found by ${JSON.stringify(search)}: ${found.join(' and ') || 'none'}`, async () =>
        assert.deepEqual(await find(search), found))
    }
  })
}
