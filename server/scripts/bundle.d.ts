// For what is written in TypeScript: the benches bundle as the build does.
export const external: string

interface Chunks {
  readonly root: string
  readonly out: string
  readonly input: Readonly<Record<string, string>>
}

export function writeChunks(chunks: Chunks): Promise<unknown>
