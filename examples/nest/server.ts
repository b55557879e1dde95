import 'reflect-metadata'
import { Body, Controller, Get, HttpCode, Module, NotFoundException, Param, Post } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { connectGate } from '@propusk/gate'
import { CurrentPrincipal, GateModule, type Principal, Public, Resource } from '@propusk/gate/nest'
import { add, approve, type Note, notes } from './notes.ts'

const gate = await connectGate({ issuer: process.env.PROPUSK_URL!, key: process.env.PROPUSK_KEY! })

@Resource('notes')
@Controller('notes')
class NotesController {
  @Get() // notes:read
  list(): Note[] {
    return notes
  }

  @Post() // notes:create
  add(@Body() body: { text: string }, @CurrentPrincipal() principal: Principal): Note {
    return add(body.text, principal.id)
  }

  @Resource('notes', { action: 'approve' })
  @HttpCode(200)
  @Post(':id/approve')
  approve(@Param('id') id: string): Note {
    const note = approve(Number(id))
    if (note === undefined) throw new NotFoundException()
    return note
  }
}

@Public()
@Controller('status')
class StatusController {
  @Get()
  status(): object {
    return { gate: gate.state }
  }
}

@Module({ imports: [GateModule.forRoot({ gate })], controllers: [NotesController, StatusController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] })
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
console.log(`Listening at ${await app.getUrl()}`)
