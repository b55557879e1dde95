import 'reflect-metadata'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { All, Controller, Get, Head, HttpCode, type INestApplication, Module, Post } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import type { Response } from 'express'
import { protects, publishing, shown, testGate } from '../../test/support/protected-api.ts'
import {
  CurrentPrincipal,
  GateModule,
  type GateModuleOptions,
  type Principal,
  Public,
  Resource,
} from './nest.ts'

// Type stripping leaves decorators where they are, which Node cannot run: they are applied by hand.
const decorate = (controller: new () => object, name: string, ...decorators: MethodDecorator[]) => {
  const method = Object.getOwnPropertyDescriptor(controller.prototype, name)!
  for (const each of decorators.toReversed()) each(controller.prototype, name, method)
}

class DocumentsController {
  approve() {
    return {}
  }
  publish() {
    return {}
  }
  status() {
    return 'up'
  }
  whoIs(principal: Principal) {
    return principal.id
  }
  show(principal: Principal) {
    return shown(principal)
  }
}
for (const name of ['show', 'whoIs']) CurrentPrincipal()(DocumentsController.prototype, name, 0)
decorate(
  DocumentsController,
  'approve',
  Post(':id/approve'),
  HttpCode(200),
  Resource('documents', { action: 'approve' }),
)
decorate(
  DocumentsController,
  'publish',
  Post(':id/publish'),
  HttpCode(200),
  Resource('documents', publishing),
)
decorate(DocumentsController, 'status', Get('status'), Public())
decorate(DocumentsController, 'whoIs', Get('who'), Public())
decorate(DocumentsController, 'show', All(':id'))
Controller('documents')(DocumentsController)
Resource('documents')(DocumentsController)

class SilentController {
  list() {}
  one() {}
}
decorate(SilentController, 'list', Get())
decorate(SilentController, 'one', Head('one'), Resource('documents'))
Controller('silent')(SilentController)

/** Answers as the one of Nest 11 does: what is an error has no other media type than this. */
class AdapterOfNest11 extends ExpressAdapter {
  override reply(response: Response, body: unknown, status?: number): unknown {
    const type = response.getHeader('content-type')
    if (typeof type === 'string' && !type.startsWith('application/json') && (status ?? 0) >= 400) {
      response.setHeader('content-type', 'application/json')
    }
    return super.reply(response, body, status)
  }
}

async function start(
  controller: new () => object,
  options: GateModuleOptions,
  adapter = new ExpressAdapter(),
): Promise<INestApplication> {
  class AppModule {}
  Module({ imports: [GateModule.forRoot(options)], controllers: [controller] })(AppModule)
  const app = await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false })
  await app.listen(0, '127.0.0.1')
  return app
}

describe('routes of Nest', () => {
  protects(async ({ gate, options }) => {
    const app = await start(DocumentsController, { gate, ...options })
    return { url: await app.getUrl(), close: () => app.close() }
  })

  it('answer refusals as problem details where Nest sets the media type of errors itself', async () => {
    const app = await start(DocumentsController, { gate: await testGate() }, new AdapterOfNest11())
    try {
      const answer = await fetch(`${await app.getUrl()}/documents/1`)
      assert.equal(answer.status, 401)
      assert.match(answer.headers.get('content-type')!, /^application\/problem\+json/)
      assert.equal(((await answer.json()) as { code: string }).code, 'not_authenticated')
    } finally {
      await app.close()
    }
  })

  it('do not start while one of them does not say who may call it', async () => {
    const gate = await testGate()
    await assert.rejects(
      start(SilentController, { gate }),
      /^TypeError: SilentController\.list: say who may call it/,
    )
  })

  it('that are public need no token, and have no principal', async () => {
    const app = await start(DocumentsController, { gate: await testGate() })
    try {
      const get = async (path: string) => (await fetch(`${await app.getUrl()}/documents/${path}`)).status
      assert.deepEqual([await get('status'), await get('who')], [200, 500])
    } finally {
      await app.close()
    }
  })

  it('cannot say twice who may call them', () => {
    const twice = () => decorate(SilentController, 'one', Public())
    assert.throws(twice, /one says twice/)
  })
})
