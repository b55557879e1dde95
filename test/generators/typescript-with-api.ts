import { registerHooks } from 'node:module'

// Two of the generators build what they write with the API of TypeScript for programs, which TypeScript 7 has no more.
// npm puts them beside the TypeScript of the repository; here they get the one that they are written for.
const url = import.meta.resolve('typescript')

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'typescript' ? { url, format: 'commonjs', shortCircuit: true } : next(specifier, context),
})
