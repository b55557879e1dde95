import { type Route, route, Type } from '../http/index.ts'
import type { Brand } from './load-brand.ts'

const BrandBody = Type.Object(
  {
    name: Type.String(),
    color: Type.Union([Type.String(), Type.Null()], {
      description: '`#rrggbb`; null is the own colour of the pages.',
    }),
    logo: Type.Union([Type.String(), Type.Null()], {
      description: 'A `data:` address of an SVG or a PNG; null where none is set.',
    }),
  },
  { $id: 'Brand' },
)

export const brandRoutes = (brand: Brand): readonly Route[] => [
  route({
    method: 'GET',
    path: '/brand/',
    access: 'public',
    operationId: 'readBrand',
    tag: 'Server',
    summary: 'Read name, colour and logo of the product',
    description: 'Name, colour and logo for the sign-in pages, as the settings have them.',
    success: {
      status: 200,
      description: 'The brand.',
      schema: BrandBody,
      example: { name: 'Acme', color: '#0a5cbf', logo: null },
      headers: { 'cache-control': 'public, max-age=300' },
    },
    handler: async () => ({ ...brand }),
  }),
]
