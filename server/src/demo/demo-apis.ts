import type { Core } from '../core.ts'
import { createPager, type Route } from '../http/index.ts'
import { DemoStore } from './demo-store.ts'
import { documentRoutes, initialDocuments } from './document-routes.ts'
import { initialProjects, projectRoutes } from './project-routes.ts'

/**
 * Two small protected APIs, declared as any API of a user's own would be: a base path and a list of routes, each
 * of which says what it needs. The rows are kept in memory (see `DemoStore`); cursors are good for one process.
 */
export function demoApis({ random, config }: Pick<Core, 'random' | 'config'>): {
  basePath: string
  routes: readonly Route[]
} {
  const pager = createPager(random.bytes(32), config.publicUrl)
  return {
    basePath: '/api/demo',
    routes: [
      ...projectRoutes(new DemoStore(initialProjects), pager),
      ...documentRoutes(new DemoStore(initialDocuments), pager),
    ],
  }
}
