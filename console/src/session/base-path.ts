const written = document.querySelector<HTMLMetaElement>('meta[name=base-path]')?.content ?? ''

/** The path below which the server stands on its host, as it has written it into the page: empty, or `/auth`. */
export const basePath = written.startsWith('/') ? written : ''
