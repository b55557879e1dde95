interface NodeProcess {
  readonly versions?: { readonly node?: string }
  getBuiltinModule?(name: string): unknown
}

/**
 * A module of Node where there is one: on Node from 20.16 on, Bun and Deno. No `import`, which a bundler for another platform
 * would want to resolve. The caller says what it uses of it, since this package has no types of Node.
 */
export function builtinModule<Used>(name: string): Used | undefined {
  const { process } = globalThis as { readonly process?: NodeProcess }
  return process?.getBuiltinModule?.(name) as Used | undefined
}
