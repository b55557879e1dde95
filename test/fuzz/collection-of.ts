/** Where the rows of a path live, whatever the path calls them. */
export function collectionOf(path: string): string {
  const name = /^\/api\/auth\/([a-z]+)/.exec(path)?.[1] ?? ''
  return otherNames.get(name) ?? name
}

const otherNames = new Map([
  ['me', 'sessions'],
  ['session', 'sessions'],
  ['resourses', 'resources'],
])
