import { actionNames, entryNames, type MakeAct, type Making, outcomeOf } from './acts.ts'
import { deleteEntry, type Entry, type Model, nameOf, namesIn } from './model.ts'

export function catalogueActs(making: Making): readonly MakeAct[] {
  const { model, random, one, freeName, route, holdsAll } = making
  const somePart = () => (random() < 0.6 ? 'resources' : 'actions')
  const freeNameIn = (part: Part) =>
    freeName(namesIn(model[part]), part === 'resources' ? entryNames : actionNames)

  return [
    () => {
      const part = somePart()
      const codeName = freeNameIn(part)
      if (codeName === undefined) return undefined
      return {
        kind: 'a new entry of the catalogue',
        method: 'POST',
        path: `/${part}/`,
        body: { name: codeName, code_name: codeName },
        expected: as => outcomeOf(201, route(as, part, 'create')),
        apply(after, { id }) {
          after[part].set(id, { codeName, isBuiltin: false })
        },
      }
    },
    () => {
      const part = somePart()
      const [id, entry] = one([...model[part]]) as [number, Entry]
      const moved = namesOn(model, part, id)
      return {
        kind: 'an entry of the catalogue deleted',
        method: 'DELETE',
        path: `/${part}/${id}/`,
        expected: as =>
          outcomeOf(204, route(as, part, 'delete'), [!entry.isBuiltin, 409], holdsAll(as, moved)),
        apply: after => deleteEntry(after, part, id),
      }
    },
    () => {
      const part = somePart()
      const [id, entry] = one([...model[part]]) as [number, Entry]
      const codeName = freeNameIn(part)
      if (codeName === undefined) return undefined
      const before = namesOn(model, part, id)
      const place = placeOf(part)
      const renamed = before.map(name => name.split(':').with(place, codeName).join(':'))
      return {
        kind: 'an entry of the catalogue renamed',
        method: 'PATCH',
        path: `/${part}/${id}/`,
        body: { name: codeName, code_name: codeName },
        expected: as =>
          outcomeOf(
            200,
            route(as, part, 'update'),
            [!entry.isBuiltin, 409],
            holdsAll(as, [...before, ...renamed]),
          ),
        apply(after) {
          after[part].get(id)!.codeName = codeName
        },
      }
    },
  ]
}

type Part = 'resources' | 'actions'

const placeOf = (part: Part) => (part === 'resources' ? 0 : 1)

/** The permissions on this resource, or of this action, that some role holds. */
function namesOn(model: Model, part: Part, id: number): string[] {
  const place = placeOf(part)
  const pairs = [...model.roles.values()].flatMap(({ permissions }) => [...permissions])
  return [...new Set(pairs)]
    .filter(pair => Number(pair.split('/')[place]) === id)
    .map(pair => nameOf(model, pair))
}
