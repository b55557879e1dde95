import document from '../../../../docs/settings.ru.md?raw'

/**
 * What each setting means, by its name: the rows of the document, which a test compares with the settings. The server
 * itself describes them in English only.
 */
export const russianMeanings: ReadonlyMap<string, string> = new Map(
  [...document.matchAll(/^\| `(PROPUSK_\w+)` \| .*? \| (.*) \|$/gm)].map(([, name, meaning]) => [
    name!,
    meaning!.replaceAll('`', '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1'),
  ]),
)
