export { CursorCodec } from './cursor.ts'
export { ChangesFeed } from './feed.ts'
export { jsonParts } from './json-parts.ts'
export { changesFeedRoutes } from './routes.ts'
