export { CursorCodec } from './cursor.ts'
export { ChangesFeed } from './feed.ts'
export { changesFeedRoutes } from './routes.ts'
