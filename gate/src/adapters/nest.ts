import {
  type CanActivate,
  createParamDecorator,
  type DynamicModule,
  type ExecutionContext,
  type FactoryProvider,
  HttpException,
  type ModuleMetadata,
  type OnModuleInit,
} from '@nestjs/common'
import { APP_GUARD, DiscoveryModule, DiscoveryService, HttpAdapterHost, MetadataScanner } from '@nestjs/core'
import type { Principal } from '../verdict.ts'
import {
  type AdapterOptions,
  type Authorize,
  authorizing,
  type CheckingGate,
  type Needed,
  neededOf,
  type ResourceOptions,
} from './authorize-request.ts'
import { type NodeRequest, presentedByNode } from './node-request.ts'
import { protectedResource } from './protected-resource.ts'
import type { Refusal } from './refusal.ts'

export type { Principal } from '../verdict.ts'
export type { CheckingGate, RefusalReport } from './authorize-request.ts'

export interface GateModuleOptions extends AdapterOptions {
  readonly gate: CheckingGate
}

export interface GateModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  // biome-ignore lint/suspicious/noExplicitAny: what is injected is of the application's own types, as in Nest itself.
  readonly useFactory: (...injected: any[]) => GateModuleOptions | Promise<GateModuleOptions>
  readonly inject?: NonNullable<FactoryProvider['inject']>
}

type Access = Needed | 'public'
// biome-ignore lint/complexity/noBannedTypes: the word of Nest and of TypeScript for what is decorated.
type Decorated = Function

/** By the class or the function of the method: the nearer one counts. */
const accesses = new WeakMap<object, Access>()
const optionsToken = Symbol('propusk.options')

const says = (access: Access) => (target: object, _key?: string | symbol, method?: PropertyDescriptor) => {
  const decorated = (method?.value ?? target) as object
  if (accesses.has(decorated)) {
    throw new TypeError(`${(decorated as Decorated).name} says twice who may call it: keep one of both`)
  }
  accesses.set(decorated, access)
}

/** What the routes of a controller, or one of them, are about. Without an action the method of the request says it. */
export const Resource = (
  name: string,
  options: Pick<ResourceOptions, 'action' | 'stepUp'> = {},
): ClassDecorator & MethodDecorator => says(neededOf(name, options))

/** Routes that ask for no token. */
export const Public = (): ClassDecorator & MethodDecorator => says('public')

/** The caller, as a parameter of a method. Throws on a public route. */
export const CurrentPrincipal: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Principal => {
    const { principal } = context.switchToHttp().getRequest<{ principal?: Principal }>()
    if (principal !== undefined) return principal
    throw new TypeError(`${nameOf(context.getClass(), context.getHandler())} has no principal: it is public`)
  },
)

/**
 * Protects every route of the application: each says `@Resource(…)` or `@Public()`, on its method or on its controller.
 * The application does not start while one says nothing.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: the form that modules of Nest have.
export class GateModule {
  static forRoot(options: GateModuleOptions): DynamicModule {
    return GateModule.forRootAsync({ useFactory: () => options })
  }

  static forRootAsync({ imports = [], inject = [], useFactory }: GateModuleAsyncOptions): DynamicModule {
    return {
      module: GateModule,
      imports: [DiscoveryModule, ...imports],
      providers: [
        { provide: optionsToken, useFactory, inject },
        {
          provide: APP_GUARD,
          useFactory: (options: GateModuleOptions, host: HttpAdapterHost) => new GateGuard(options, host),
          inject: [optionsToken, HttpAdapterHost],
        },
        {
          provide: AtStart,
          useFactory: (options: GateModuleOptions, host: HttpAdapterHost, discovery: DiscoveryService) =>
            new AtStart(options, host, discovery),
          inject: [optionsToken, HttpAdapterHost, DiscoveryService],
        },
      ],
    }
  }
}

/** Serves the metadata, and refuses to start with a route that does not say who may call it. */
class AtStart implements OnModuleInit {
  readonly #options: GateModuleOptions
  readonly #host: HttpAdapterHost
  readonly #discovery: DiscoveryService

  constructor(options: GateModuleOptions, host: HttpAdapterHost, discovery: DiscoveryService) {
    this.#options = options
    this.#host = host
    this.#discovery = discovery
  }

  onModuleInit(): void {
    const silent = this.#discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? routesWithoutAccess(metatype) : []))
    if (silent.length > 0) throw new TypeError(`${silent.join(', ')}: ${whatToSay}`)
    const { gate, protectedResource: address } = this.#options
    if (address === undefined) return
    const { path, headers, body } = protectedResource(gate, address)
    const { httpAdapter } = this.#host
    httpAdapter.get(path, (_request: unknown, response: unknown) => {
      for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value)
      httpAdapter.reply(response, body, 200)
    })
  }
}

const whatToSay = "say who may call it by @Resource('documents') or @Public(), there or on the controller"

const nameOf = (controller: Decorated, method: Decorated): string => `${controller.name}.${method.name}`

const accessOf = (controller: Decorated, method: Decorated): Access | undefined =>
  accesses.get(method) ?? accesses.get(controller)

function routesWithoutAccess(controller: Decorated): string[] {
  const prototype = controller.prototype as Record<string, Decorated>
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .map(name => prototype[name]!)
    .filter(method => isRoute(method) && accessOf(controller, method) === undefined)
    .map(method => nameOf(controller, method))
}

/** What `@Get()` and its like leave on a method. */
const isRoute = (method: Decorated): boolean =>
  (Reflect as unknown as { hasMetadata(key: string, target: object): boolean }).hasMetadata('path', method)

class GateGuard implements CanActivate {
  readonly #authorize: Authorize
  readonly #host: HttpAdapterHost

  constructor({ gate, ...options }: GateModuleOptions, host: HttpAdapterHost) {
    this.#authorize = authorizing(gate, options)
    this.#host = host
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const [controller, method] = [context.getClass(), context.getHandler()]
    const access = accessOf(controller, method)
    if (access === 'public') return true
    if (access === undefined) throw new TypeError(`${nameOf(controller, method)}: ${whatToSay}`)
    if (context.getType() !== 'http') {
      throw new TypeError(
        `${nameOf(controller, method)} is not called over HTTP: the gate reads no token there`,
      )
    }
    return this.#check(context, access)
  }

  async #check(context: ExecutionContext, needed: Needed): Promise<true> {
    const http = context.switchToHttp()
    const request = http.getRequest<NodeRequest & { raw?: NodeRequest; principal?: Principal }>()
    // On Fastify the request of Node is within its own.
    const answer = await this.#authorize(presentedByNode(request.raw ?? request), needed)
    if (!answer.ok) throw this.#toException(answer.refusal, http.getResponse())
    request.principal = answer.principal
    return true
  }

  /** Filters of the application see it as any other exception. */
  #toException({ status, headers, problem }: Refusal, response: unknown): HttpException {
    const { httpAdapter } = this.#host
    const { 'content-type': contentType, ...others } = headers
    for (const [name, value] of Object.entries(others)) httpAdapter.setHeader(response, name, value)
    // Nest 11 replaces the media type of an error, with a warning, where it is set before the body is written.
    const toJSON = () => {
      httpAdapter.setHeader(response, 'content-type', contentType!)
      return { ...problem }
    }
    return new HttpException(Object.defineProperty({ ...problem }, 'toJSON', { value: toJSON }), status)
  }
}
