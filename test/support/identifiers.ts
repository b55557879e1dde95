import { globSync, readFileSync } from 'node:fs'
import { parseSync } from 'rolldown/utils'

export interface Identifier {
  /** Such as `server/src/sessions/end-session.ts`. */
  readonly path: string
  readonly line: number
  readonly name: string
}

/** A node of the syntax tree (ESTree), with the fields that are read here. */
interface Node {
  readonly type: string
  readonly start: number
  readonly name?: string
  readonly id?: unknown
  readonly key?: unknown
  readonly value?: unknown
  readonly param?: unknown
  readonly params?: readonly unknown[]
  readonly computed?: boolean
  readonly shorthand?: boolean
  readonly left?: unknown
  readonly argument?: unknown
  readonly properties?: readonly Node[]
  readonly elements?: readonly unknown[]
}

/** Every name that these folders declare: variables, parameters, functions, classes, types, members and keys of objects. */
export const declaredIdentifiers = (folders: readonly string[]): Identifier[] =>
  globSync(`{${folders.join(',')}}/**/*.{ts,tsx,js}`, { exclude: isForeign }).flatMap(path => {
    const text = readFileSync(path, 'utf8')
    const lineAt = lineCounter(text)
    return declarations(parseSync(path, text).program as Node).map(({ name, start }) => ({
      path: path.replaceAll('\\', '/'),
      line: lineAt(start),
      name: name!,
    }))
  })

/** `acceptedAtMs`, `accepted_at_ms` and `ACCEPTED_AT_MS` are the words accepted, at and ms. */
export const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(word => word !== '')

const isForeign = (path: string) => /(?:^|[\\/])(?:node_modules|dist)$/.test(path)

function lineCounter(text: string): (position: number) => number {
  let [line, from] = [1, 0]
  return position => {
    if (position < from) [line, from] = [1, 0]
    for (; from < position; from++) if (text[from] === '\n') line++
    return line
  }
}

function declarations(root: Node): Node[] {
  const found: Node[] = []
  const visit = (node: Node): void => {
    found.push(...declaredBy(node))
    for (const child of childrenOf(node)) visit(child)
  }
  visit(root)
  return found
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode)

/** The names that this node itself declares, without those that its children do. */
function declaredBy(node: Node): Node[] {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return [...boundBy(node.id), ...parametersOf(node)]
    case 'ArrowFunctionExpression':
    case 'TSFunctionType':
    case 'TSDeclareFunction':
    case 'TSEmptyBodyFunctionExpression':
      return parametersOf(node)
    case 'TSMethodSignature':
      return [...keyOf(node), ...parametersOf(node)]
    case 'CatchClause':
      return boundBy(node.param)
    case 'Property':
      return node.shorthand === true ? [] : keyOf(node)
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'MethodDefinition':
    case 'TSPropertySignature':
      return keyOf(node)
    default:
      return []
  }
}

const parametersOf = (node: Node): Node[] => (node.params ?? []).flatMap(boundBy)

const keyOf = (node: Node): Node[] =>
  node.computed === true
    ? []
    : [node.key].filter(isNode).filter(key => ['Identifier', 'PrivateIdentifier'].includes(key.type))

function boundBy(pattern: unknown): Node[] {
  if (!isNode(pattern)) return []
  switch (pattern.type) {
    case 'Identifier':
      return [pattern]
    case 'ObjectPattern':
      return (pattern.properties ?? []).flatMap(each => boundBy(each.value ?? each.argument))
    case 'ArrayPattern':
      return (pattern.elements ?? []).flatMap(boundBy)
    case 'AssignmentPattern':
      return boundBy(pattern.left)
    case 'RestElement':
      return boundBy(pattern.argument)
    default:
      return []
  }
}
