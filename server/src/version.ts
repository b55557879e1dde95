import manifest from '../package.json' with { type: 'json' }

/** The version of this release, as `--version`, the documents and `doctor` say it. */
export const version: string = manifest.version
