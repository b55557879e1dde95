import { libraries, packLibrary } from './pack-library.ts'

for (const library of libraries) console.log(await packLibrary(library))
