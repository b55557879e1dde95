import { Anchor, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

/** Mantine's looks on the router's links: an address that does not exist is a mistake of types. */
export const LinkAnchor = createLink(Anchor<'a'>)

/** Looks like a button and is a link: it has an address, and opens in a new tab. */
export const LinkButton = createLink((props: ButtonProps & Omit<ComponentProps<'a'>, keyof ButtonProps>) => (
  <Button component="a" {...props} />
))
