import type { InjectOptions, Response } from 'light-my-request'
import type { HttpApp } from '../index.ts'

export type Inject = (request: InjectOptions | string) => Promise<Response>

/** Sends requests into the app without a socket. */
export const injectInto =
  ({ inject }: Pick<HttpApp, 'inject'>): Inject =>
  request =>
    inject(request)
